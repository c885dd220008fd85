import { graphql } from '../../lib/atlas.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { size } from '../../lib/useSetting.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Empty, Loaded, Panel } from '../../parts/panel.tsx'
import { Table } from '../../parts/table.tsx'
import { MetricMatrix } from '../compare/metricMatrix.tsx'
import { Training } from './training.tsx'

const Series = graphql(`
  query SeriesPage($name: String!) {
    series(name: $name) {
      name
      description
      members {
        index
        step
        network {
          path
          inputShape
          layers {
            index
          }
        }
      }
    }
    datasets(first: 200) {
      nodes {
        name
        shape
      }
    }
  }
`)

const Cuts = graphql(`
  query SeriesCuts($dataset: String!, $toLayer: Int!) {
    partitions(
      first: 500
      filter: { dataset: $dataset, fromLayer: 0, toLayer: $toLayer, granularity: WHOLE_INPUT }
    ) {
      nodes {
        path
        computedAt
        network {
          path
        }
      }
    }
  }
`)

/** The checkpoints of one training, and how the codes of a dataset move from one to the next. */
export default function SeriesView({ path }: { path: string }) {
  const { series, datasets } = useAnswer(Series, { name: path })
  const [get, set] = useArgs()
  if (!series) return null
  const { inputShape, layers } = series.members[0].network
  const fitting = datasets.nodes.filter(({ shape }) => size(shape) === size(inputShape))
  const dataset = fitting.find(({ name }) => name === get('dataset')) ?? fitting.at(0)
  const networks = series.members.map(({ network }) => network.path)
  return (
    <>
      <div className="stack">
        <h1>{series.name}</h1>
        <p className="muted">{series.description}</p>
        {fitting.length > 1 && dataset && (
          <label>
            over
            <select value={dataset.name} onChange={({ target }) => set({ dataset: target.value })}>
              {fitting.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      {dataset ? (
        <Loaded what="training" key={dataset.name}>
          <Training series={series.name} dataset={dataset.name} />
        </Loaded>
      ) : (
        <Empty>No dataset has inputs that these networks read.</Empty>
      )}
      <div className="columns">
        {dataset && (
          <Panel title="All pairs">
            <Matrix dataset={dataset.name} networks={networks} toLayer={layers.length - 1} />
          </Panel>
        )}
        <Panel title="Networks">
          <Table
            label="Networks by step"
            rows={series.members}
            keyOf={({ index }) => String(index)}
            columns={[
              { title: 'step', number: true, cell: ({ step }) => step },
              { title: 'network', cell: ({ network }) => <EntityLink path={network.path} /> },
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

interface MatrixProps {
  dataset: string
  networks: readonly string[]
  toLayer: number
}

/** The metric matrix of the members' cuts by all of their layers, in the order of the steps. */
function Matrix({ dataset, networks, toLayer }: MatrixProps) {
  const { partitions } = useAnswer(Cuts, { dataset, toLayer })
  const ready = new Map(
    partitions.nodes.filter((p) => p.computedAt !== null).map((p) => [p.network.path, p.path]),
  )
  return <MetricMatrix partitions={networks.flatMap((network) => ready.get(network) ?? []).slice(0, 64)} />
}
