import { graphql } from '../../lib/atlas.ts'
import { counted } from '../../lib/format.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { Empty } from '../../parts/panel.tsx'
import { PictureFields, Pictures } from '../../parts/picture.tsx'

const Worst = graphql(
  `
    query Disagreements($a: ID!, $b: ID!, $after: String) {
      disagreements(a: $a, b: $b, first: 60, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            labelA
            labelB
            input {
              ...Picture
            }
          }
        }
      }
    }
  `,
  [PictureFields],
)

/** Inputs for which the two networks predict different labels, the worst first. */
export function Disagreements(variables: { a: string; b: string }) {
  const { rows, totalCount, fetchMore } = usePages(Worst, variables, ({ disagreements }) => disagreements)
  if (totalCount === 0) return <Empty>Both predict the same label for every input.</Empty>
  return (
    <>
      <p className="hint">{counted(totalCount, 'input')}, the worst first: what a predicts, what b does.</p>
      <Pictures
        label="Inputs on which they disagree"
        rows={rows}
        inputOf={({ node }) => node.input}
        captionOf={({ node }) => `${node.labelA} · ${node.labelB}`}
        keyOf={({ node }) => node.input.path}
        onEnd={fetchMore}
      />
    </>
  )
}
