import { graphql } from '../../lib/atlas.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { Pictures, PictureFields, type Mark } from '../../parts/picture.tsx'

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
              place
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

/**
 * The inputs of a region's sites, as pictures.
 *
 * @param axes where positions are sites: sizes of their axes, so that the place can be marked; else null
 */
export function Members({ path, axes }: { path: string; axes: readonly number[] | null }) {
  const { rows, totalCount, fetchMore } = usePages(MembersQuery, { path }, ({ entity }) =>
    entity && 'members' in entity ? entity.members : null,
  )
  const caption = (row: (typeof rows)[number]) =>
    axes ? `${row.node.index} at ${row.position}` : String(row.node.index)
  return (
    <Pictures
      label={`${totalCount} members`}
      rows={rows}
      inputOf={({ node }) => node}
      captionOf={caption}
      markOf={({ place }) => (axes?.length === 2 && place ? markAt(place, axes) : null)}
      keyOf={(row) => `${row.node.index}:${row.position}`}
      onEnd={fetchMore}
    />
  )
}

/** The part of a picture that a place stands for, in shares of its sides. */
function markAt([row, column]: readonly number[], [height, width]: readonly number[]): Mark {
  return { left: column / width, top: row / height, width: 1 / width, height: 1 / height }
}
