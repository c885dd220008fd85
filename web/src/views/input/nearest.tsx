import { useState } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { Empty, Loaded } from '../../parts/panel.tsx'
import { PictureFields, Pictures } from '../../parts/picture.tsx'

const Partitions = graphql(`
  query PartitionsOfInput($dataset: String!) {
    partitions(first: 500, filter: { dataset: $dataset, granularity: WHOLE_INPUT }) {
      nodes {
        path
        computedAt
      }
    }
  }
`)

const NearestQuery = graphql(
  `
    query NearestInputs($path: String!, $partition: ID!) {
      entity(path: $path) {
        ... on Input {
          nearest(partition: $partition, first: 60) {
            distance
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

/** The inputs whose codes differ in the fewest bits, in a partition of one's choice. */
export function Nearest({ path, dataset }: { path: string; dataset: string }) {
  const { partitions } = useAnswer(Partitions, { dataset })
  const ready = partitions.nodes.filter(({ computedAt }) => computedAt !== null)
  const [chosen, choose] = useState(ready.at(0)?.path)
  if (chosen === undefined) return <Empty>No partition of {dataset} is computed yet.</Empty>
  return (
    <>
      <label>
        in
        <select value={chosen} onChange={({ target }) => choose(target.value)}>
          {ready.map(({ path }) => (
            <option key={path}>{path}</option>
          ))}
        </select>
      </label>
      <Loaded what="nearest inputs" key={chosen}>
        <Found path={path} partition={chosen} />
      </Loaded>
    </>
  )
}

function Found({ path, partition }: { path: string; partition: string }) {
  const { entity } = useAnswer(NearestQuery, { path, partition })
  const nearest = entity && 'nearest' in entity ? entity.nearest : []
  if (nearest.length === 0) return <Empty>There is no other input.</Empty>
  return (
    <>
      <p className="hint">The number of differing bits is below each.</p>
      <Pictures
        label="Nearest inputs"
        rows={nearest}
        inputOf={({ input }) => input}
        captionOf={({ distance }) => String(distance)}
        keyOf={({ input }) => input.path}
      />
    </>
  )
}
