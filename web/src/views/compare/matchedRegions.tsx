import { graphql } from '../../lib/atlas.ts'
import { count, percent } from '../../lib/format.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { LabelBar } from '../../parts/labels.tsx'
import { Empty } from '../../parts/panel.tsx'
import { Picture } from '../../parts/picture.tsx'
import { RegionCardFields } from '../../parts/regionCard.ts'
import { Table } from '../../parts/table.tsx'

const Matches = graphql(
  `
    query MatchedRegions($a: ID!, $b: ID!, $after: String) {
      comparison(a: $a, b: $b) {
        matchedRegions(first: 50, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            cursor
            node {
              jaccard
              sharedMembers
              a {
                ...RegionCard
              }
              b {
                ...RegionCard
              }
            }
          }
        }
      }
    }
  `,
  [RegionCardFields],
)

/** Regions of a and b that hold much the same sites, side by side. */
export function MatchedRegions(variables: { a: string; b: string }) {
  const { rows, totalCount, fetchMore } = usePages(
    Matches,
    variables,
    ({ comparison }) => comparison?.matchedRegions,
  )
  if (totalCount === 0) return <Empty>No region of a has members in common with one of b.</Empty>
  return (
    <Table
      label={`${count(totalCount)} matches, the best first`}
      rows={rows}
      keyOf={({ cursor }) => cursor}
      onEnd={fetchMore}
      columns={[
        { title: 'a', cell: ({ node }) => <Picture input={node.a.exemplar} size={2.2} caption="" /> },
        {
          title: 'members',
          cell: ({ node }) => <EntityLink path={node.a.path}>{count(node.a.memberCount)}</EntityLink>,
        },
        { title: 'labels', cell: ({ node }) => <LabelBar counts={node.a.labelCounts} /> },
        { title: 'b', cell: ({ node }) => <Picture input={node.b.exemplar} size={2.2} caption="" /> },
        {
          title: 'of b',
          cell: ({ node }) => <EntityLink path={node.b.path}>{count(node.b.memberCount)}</EntityLink>,
        },
        { title: 'labels of b', cell: ({ node }) => <LabelBar counts={node.b.labelCounts} /> },
        { title: 'in both', number: true, cell: ({ node }) => count(node.sharedMembers) },
        { title: 'overlap', number: true, cell: ({ node }) => percent(node.jaccard) },
      ]}
    />
  )
}
