import { Link } from 'wouter'
import { graphql, type ResultOf } from '../../lib/atlas.ts'
import { count, shape } from '../../lib/format.ts'
import { pageHref } from '../../lib/paths.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { size } from '../../lib/useSetting.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Empty, Panel } from '../../parts/panel.tsx'
import { PartitionList } from '../atlas/lists.tsx'
import { LayerColumns } from './layerColumns.tsx'

const Network = graphql(`
  query NetworkPage($name: String!) {
    network(name: $name) {
      name
      description
      tags
      parameterCount
      byteCount
      inputShape
      outputShape
      exactness
      approximations
      layers {
        index
        name
        operator
        unitCount
        positionCount
        bitCount
        exact
      }
      series(first: 50) {
        nodes {
          path
        }
      }
    }
    datasets(first: 200) {
      nodes {
        name
        shape
        inputCount
      }
    }
  }
`)

/** A network: its layers over one dataset, and the partitions that they make. */
export default function NetworkView({ path }: { path: string }) {
  const { network, datasets } = useAnswer(Network, { name: path })
  const [get, set] = useArgs()
  if (!network) return null
  const fitting = datasets.nodes.filter(({ shape }) => size(shape) === size(network.inputShape))
  const dataset = fitting.find(({ name }) => name === get('dataset')) ?? fitting.at(0)
  return (
    <>
      <Heading network={network} />
      <Panel
        title="Layers"
        aside={
          dataset && (
            <label>
              over
              <select value={dataset.name} onChange={({ target }) => set({ dataset: target.value })}>
                {fitting.map(({ name, inputCount }) => (
                  <option key={name} value={name}>
                    {name} ({count(inputCount)} inputs)
                  </option>
                ))}
              </select>
            </label>
          )
        }
      >
        {dataset ? (
          <LayerColumns
            key={dataset.name}
            network={network.name}
            dataset={dataset.name}
            layers={network.layers}
          />
        ) : (
          <Empty>
            No dataset has samples of {shape(network.inputShape)} numbers: import one on the first page.
          </Empty>
        )}
      </Panel>
      <div className="columns">
        <Panel title="Partitions">
          <PartitionList filter={{ network: network.name }} />
        </Panel>
        <Panel title="Facts">
          <NetworkFacts network={network} />
        </Panel>
      </div>
    </>
  )
}

type Shown = NonNullable<ResultOf<typeof Network>['network']>

function Heading({ network }: { network: Shown }) {
  return (
    <div className="stack">
      <h1>{network.name}</h1>
      {network.description && <p className="muted">{network.description}</p>}
      <div className="row">
        {network.exactness === 'PIECEWISE_AFFINE' && (
          <>
            <Link className="button" href={pageHref('/segment', { network: network.name })}>
              Walk a segment
            </Link>
            <Link className="button" href={pageHref('/slice', { network: network.name })}>
              Cut a slice
            </Link>
          </>
        )}
        {network.series.nodes.map(({ path }) => (
          <EntityLink key={path} path={path} />
        ))}
      </div>
    </div>
  )
}

function NetworkFacts({ network }: { network: Shown }) {
  const affine = network.exactness === 'PIECEWISE_AFFINE'
  return (
    <Facts
      rows={[
        ['input', shape(network.inputShape)],
        ['output', shape(network.outputShape)],
        ['parameters', count(network.parameterCount)],
        ['file', `${count(network.byteCount)} bytes`],
        ['exactness', affine ? 'one affine map in each polytope' : <Reasons of={network.approximations} />],
        ['tags', network.tags.join(', ') || null],
      ]}
    />
  )
}

/** Why a network is only approximately piecewise affine. */
function Reasons({ of: reasons }: { of: readonly string[] }) {
  return (
    <ul className="reasons">
      {reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  )
}
