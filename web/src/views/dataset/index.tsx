import { graphql } from '../../lib/atlas.ts'
import { count, counted, shape } from '../../lib/format.ts'
import { useAnswer, usePages } from '../../lib/useAnswer.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { Empty, Loaded, Panel } from '../../parts/panel.tsx'
import { PictureFields, Pictures } from '../../parts/picture.tsx'
import { PartitionList } from '../atlas/lists.tsx'

const Dataset = graphql(`
  query DatasetPage($name: String!) {
    dataset(name: $name) {
      name
      shape
      classNames
      inputCount
    }
  }
`)

const Inputs = graphql(
  `
    query DatasetInputs($name: String!, $label: Int, $after: String) {
      dataset(name: $name) {
        inputs(first: 100, label: $label, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              index
              ...Picture
            }
          }
        }
      }
    }
  `,
  [PictureFields],
)

/** A dataset: its inputs, of one class or all, and the partitions that cut it. */
export default function DatasetView({ path }: { path: string }) {
  const { dataset } = useAnswer(Dataset, { name: path })
  const [get, set] = useArgs()
  if (!dataset) return null
  const label = get('label') === '' ? null : Number(get('label'))
  return (
    <>
      <div className="stack">
        <h1>{dataset.name}</h1>
        <p className="muted">
          {counted(dataset.inputCount, 'input')} of {shape(dataset.shape)}
        </p>
      </div>
      <div className="columns">
        <Panel
          title="Inputs"
          aside={
            dataset.classNames.length > 0 && (
              <label>
                class
                <select value={get('label')} onChange={({ target }) => set({ label: target.value })}>
                  <option value="">all</option>
                  {dataset.classNames.map((name, label) => (
                    <option key={label} value={label}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            )
          }
        >
          <Loaded what="inputs" key={label}>
            <InputGrid name={path} label={label} />
          </Loaded>
        </Panel>
        <Panel title="Partitions">
          <PartitionList filter={{ dataset: dataset.name }} />
        </Panel>
      </div>
    </>
  )
}

function InputGrid(variables: { name: string; label: number | null }) {
  const { rows, totalCount, fetchMore } = usePages(Inputs, variables, ({ dataset }) => dataset?.inputs)
  if (totalCount === 0) return <Empty>No input has this class.</Empty>
  return (
    <Pictures
      label={`${count(totalCount)} inputs`}
      rows={rows}
      inputOf={({ node }) => node}
      captionOf={({ node }) => String(node.index)}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
    />
  )
}
