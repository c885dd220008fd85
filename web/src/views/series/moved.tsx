import { graphql } from '../../lib/atlas.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { Empty } from '../../parts/panel.tsx'
import { PictureFields, Pictures } from '../../parts/picture.tsx'

const MovedQuery = graphql(
  `
    query MovedInputs($series: String!, $dataset: String!, $step: Int!) {
      series(name: $series) {
        training(dataset: $dataset) {
          step(index: $step) {
            change {
              inputs(first: 100) {
                flips
                input {
                  ...Picture
                }
              }
            }
          }
        }
      }
    }
  `,
  [PictureFields],
)

/** The inputs of which one step of a training flipped the most bits. */
export function Moved({ series, dataset, step }: { series: string; dataset: string; step: number }) {
  const answer = useAnswer(MovedQuery, { series, dataset, step })
  const moved = answer.series?.training.step?.change.inputs ?? []
  if (moved.length === 0) return <Empty>No bit of any input flipped.</Empty>
  return (
    <>
      <p className="hint">The {moved.length} with the most flipped bits; the number of them is below each.</p>
      <Pictures
        key={step}
        label="Inputs that moved"
        rows={moved}
        inputOf={({ input }) => input}
        captionOf={({ flips }) => String(flips)}
        keyOf={({ input }) => input.path}
      />
    </>
  )
}
