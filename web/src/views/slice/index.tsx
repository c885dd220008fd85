import { pageHref } from '../../lib/paths.ts'
import { Link } from 'wouter'
import { useArgs } from '../../lib/useArgs.ts'
import { usePageTitle } from '../../lib/usePageTitle.ts'
import { datasetOf, useSetting } from '../../lib/useSetting.ts'
import { Empty, Loaded, Panel } from '../../parts/panel.tsx'
import { InputPicker, NetworkPicker } from '../../parts/pickers.tsx'
import { PlaneThrough } from './planeThrough.tsx'

/** The plane through three inputs, and the polygons into which polytopes cut it. */
export default function SliceView() {
  usePageTitle('Slice')
  return (
    <>
      <h1>Slice: the plane through three inputs</h1>
      <Loaded what="networks">
        <Chosen />
      </Loaded>
    </>
  )
}

function Chosen() {
  const [get, set] = useArgs()
  const { names, network, dataset } = useSetting(get('network'), datasetOf(get('a')))
  if (!network)
    return <Empty>There is no such network that can be sliced: its gates must be piecewise affine.</Empty>
  if (!dataset) return <Empty>No dataset has inputs that {network.name} reads.</Empty>
  const [a, b, c] = ['a', 'b', 'c'].map((name, i) => get(name) || `${dataset.name}/${i}`)
  const last = network.layers.length - 1
  const toLayer = get('toLayer') === '' ? last : Math.min(last, Number(get('toLayer')))
  const move = (change: Record<string, string>) => set({ a, b, c, x: null, y: null, width: null, ...change })
  return (
    <>
      <form className="panel" onSubmit={(event) => event.preventDefault()} aria-label="Which slice">
        <div className="row">
          <NetworkPicker
            names={names}
            value={network.name}
            onChange={(name) => set({ network: name, toLayer: null })}
          />
          <InputPicker label="first" value={a} dataset={dataset} onChange={(path) => move({ a: path })} />
          <InputPicker label="second" value={b} dataset={dataset} onChange={(path) => move({ b: path })} />
          <InputPicker label="third" value={c} dataset={dataset} onChange={(path) => move({ c: path })} />
          <label>
            boundaries up to layer
            <select value={toLayer} onChange={({ target }) => set({ toLayer: target.value })}>
              {network.layers.map(({ index }) => (
                <option key={index}>{index}</option>
              ))}
            </select>
          </label>
          <Link className="button" href={pageHref('/segment', { network: network.name, from: a, to: b })}>
            Segment between the first two
          </Link>
        </div>
      </form>
      <Panel title={`${network.name} around ${a}, ${b} and ${c}`}>
        <PlaneThrough
          key={[network.name, a, b, c].join()}
          network={network.name}
          inputs={[a, b, c]}
          toLayer={toLayer}
          shape={dataset.shape}
          classNames={dataset.classNames}
        />
      </Panel>
    </>
  )
}
