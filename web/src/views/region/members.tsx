import { graphql } from '../../lib/atlas.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { Pictures, PictureFields } from '../../parts/picture.tsx'

const MembersQuery = graphql(
  `
    query Members($path: String!, $after: String) {
      entity(path: $path) {
        ... on Region {
          members(first: 60, after: $after) {
            totalCount
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              position
              node {
                index
                ...Picture
              }
            }
          }
        }
      }
    }
  `,
  [PictureFields],
)

/** The inputs of a region's sites, as pictures. */
export function Members({ path, perPosition }: { path: string; perPosition: boolean }) {
  const { rows, totalCount, fetchMore } = usePages(MembersQuery, { path }, ({ entity }) =>
    entity && 'members' in entity ? entity.members : null,
  )
  const caption = (row: (typeof rows)[number]) =>
    perPosition ? `${row.node.index} at ${row.position}` : String(row.node.index)
  return (
    <Pictures
      label={`${totalCount} members`}
      rows={rows}
      inputOf={({ node }) => node}
      captionOf={caption}
      keyOf={(row) => `${row.node.index}:${row.position}`}
      onEnd={fetchMore}
    />
  )
}
