import { Link } from 'wouter'
import { pageHref } from '../../lib/paths.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { usePageTitle } from '../../lib/usePageTitle.ts'
import { datasetOf, useSetting } from '../../lib/useSetting.ts'
import { Empty, Loaded, Panel } from '../../parts/panel.tsx'
import { InputPicker, NetworkPicker } from '../../parts/pickers.tsx'
import { Line } from './line.tsx'

/** Two inputs, and all that lies on the straight line between them. */
export default function SegmentView() {
  usePageTitle('Segment')
  return (
    <>
      <h1>Segment: what lies between two inputs</h1>
      <Loaded what="networks">
        <Chosen />
      </Loaded>
    </>
  )
}

function Chosen() {
  const [get, set] = useArgs()
  const { names, network, dataset } = useSetting(get('network'), datasetOf(get('from')))
  if (!network)
    return (
      <Empty>
        There is no such network of which segments can be walked: its gates must be piecewise affine.
      </Empty>
    )
  if (!dataset) return <Empty>No dataset has inputs that {network.name} reads.</Empty>
  const from = get('from') || `${dataset.name}/0`
  const to = get('to') || `${dataset.name}/1`
  return (
    <>
      <form className="panel" onSubmit={(event) => event.preventDefault()} aria-label="Which segment">
        <div className="row">
          <NetworkPicker names={names} value={network.name} onChange={(name) => set({ network: name })} />
          <InputPicker
            label="from"
            value={from}
            dataset={dataset}
            onChange={(path) => set({ from: path, to })}
          />
          <InputPicker label="to" value={to} dataset={dataset} onChange={(path) => set({ from, to: path })} />
          <button type="button" onClick={() => set({ from: to, to: from })}>
            Turn round
          </button>
          <Link className="button" href={pageHref('/slice', { network: network.name, a: from, b: to })}>
            Slice through both
          </Link>
        </div>
      </form>
      <Panel title={`${from} to ${to}`}>
        <Line
          key={JSON.stringify([network.name, from, to])}
          network={network.name}
          layers={network.layers}
          from={from}
          to={to}
          shape={dataset.shape}
          classNames={dataset.classNames}
        />
      </Panel>
    </>
  )
}
