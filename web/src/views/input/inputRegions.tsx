import { graphql } from '../../lib/atlas.ts'
import { count } from '../../lib/format.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { LabelBar } from '../../parts/labels.tsx'
import { Empty } from '../../parts/panel.tsx'
import { Table } from '../../parts/table.tsx'

const Regions = graphql(`
  query InputRegions($path: String!, $after: String) {
    entity(path: $path) {
      ... on Input {
        regions(first: 50, after: $after, filter: { position: 0 }) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              path
              memberCount
              labelCounts {
                label
                className
                count
              }
              partition {
                path
              }
            }
          }
        }
      }
    }
  }
`)

/** The region that an input falls into, in every computed partition. */
export function InputRegions({ path }: { path: string }) {
  const { rows, totalCount, fetchMore } = usePages(Regions, { path }, ({ entity }) =>
    entity && 'regions' in entity ? entity.regions : null,
  )
  if (totalCount === 0) return <Empty>No partition of its dataset is computed yet.</Empty>
  return (
    <Table
      label={`${count(totalCount)} regions`}
      rows={rows}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
      columns={[
        { title: 'partition', cell: ({ node }) => <EntityLink path={node.partition.path} /> },
        {
          title: 'region',
          cell: ({ node }) => (
            <EntityLink path={node.path}>{node.path.split('/').at(-1)?.slice(0, 8)}…</EntityLink>
          ),
        },
        { title: 'members', number: true, cell: ({ node }) => count(node.memberCount) },
        { title: 'labels', cell: ({ node }) => <LabelBar counts={node.labelCounts} /> },
      ]}
    />
  )
}
