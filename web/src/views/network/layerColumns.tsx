import { useState } from 'react'
import { atlas, graphql } from '../../lib/atlas.ts'
import { counted } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { JobButton, JobFields } from '../../parts/jobs.tsx'
import { Empty } from '../../parts/panel.tsx'
import { LayerColumn, type LayerFacts } from './layerColumn.tsx'

const Cuts = graphql(`
  query LayerCuts($network: String!, $dataset: String!) {
    partitions(first: 500, filter: { network: $network, dataset: $dataset, granularity: WHOLE_INPUT }) {
      nodes {
        path
        regionCount
        labelEntropy
        computedAt
        fromLayer {
          index
        }
        toLayer {
          index
        }
      }
    }
  }
`)

const Create = graphql(
  `
    mutation CreatePartition($input: CreatePartitionInput!) {
      createPartition(input: $input) {
        partition {
          path
        }
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

interface Span {
  from: number
  to: number
}

interface LayerColumnsProps {
  network: string
  dataset: string
  layers: readonly LayerFacts[]
}

/** Layers side by side, of which a span is picked, and what there is of that span. */
export function LayerColumns({ network, dataset, layers }: LayerColumnsProps) {
  const { partitions } = useAnswer(Cuts, { network, dataset })
  const [span, setSpan] = useState<Span>({ from: 0, to: layers.length - 1 })
  if (layers.length === 0) return <Empty>This network has no gate, so that nothing cuts its inputs.</Empty>
  const cutOf = ({ from, to }: Span) =>
    partitions.nodes.find(
      (p) => p.fromLayer.index === from && p.toLayer.index === to && p.computedAt !== null,
    )
  const isEncoded = (index: number) =>
    partitions.nodes.some(
      (p) => p.computedAt !== null && p.fromLayer.index <= index && p.toLayer.index >= index,
    )
  return (
    <>
      <p className="hint">
        Pick the layers that are to cut {dataset}: one by a click, a span by a click on its first and a{' '}
        <kbd>Shift</kbd> click on its last.
      </p>
      <div className="layers" role="group" aria-label="Layers">
        {layers.map((layer) => (
          <LayerColumn
            key={layer.index}
            network={network}
            dataset={dataset}
            layer={layer}
            cut={cutOf({ from: layer.index, to: layer.index })}
            encoded={layer.operator !== 'MaxPool' && isEncoded(layer.index)}
            picked={layer.index >= span.from && layer.index <= span.to}
            onPick={(extend) =>
              setSpan(extend ? reaching(span, layer.index) : { from: layer.index, to: layer.index })
            }
          />
        ))}
      </div>
      <SpanBar
        key={`${span.from}-${span.to}`}
        network={network}
        dataset={dataset}
        layers={layers}
        span={span}
        onSpan={setSpan}
        cut={cutOf(span)}
      />
    </>
  )
}

interface SpanBarProps extends LayerColumnsProps {
  span: Span
  onSpan: (span: Span) => void
  /** The computed partition of whole inputs by the span. */
  cut: { path: string; regionCount: number } | undefined
}

/** The span that is picked, and its partition: there, or to be made. */
function SpanBar({ network, dataset, layers, span, onSpan, cut }: SpanBarProps) {
  const [wantsPositions, setWantsPositions] = useState(false)
  const picked = layers.slice(span.from, span.to + 1)
  const positions = new Set(picked.map(({ positionCount }) => positionCount))
  const canSplit = positions.size === 1 && !positions.has(1)
  const perPosition = wantsPositions && canSplit
  return (
    <div className="row">
      <LayerSelect
        name="Layers"
        layers={layers}
        value={span.from}
        onChange={(from) => onSpan({ from, to: Math.max(from, span.to) })}
      />
      <LayerSelect
        name="to"
        layers={layers}
        value={span.to}
        onChange={(to) => onSpan({ from: Math.min(span.from, to), to })}
      />
      <span className="muted">
        {counted(
          picked.reduce((sum, { bitCount }) => sum + bitCount, 0),
          'bit',
        )}
      </span>
      {canSplit && (
        <label>
          <input
            type="checkbox"
            checked={perPosition}
            onChange={({ target }) => setWantsPositions(target.checked)}
          />
          a code for each position
        </label>
      )}
      {cut && !perPosition ? (
        <span>
          cut {dataset} into <EntityLink path={cut.path}>{counted(cut.regionCount, 'region')}</EntityLink>
        </span>
      ) : (
        <MakePartition network={network} dataset={dataset} span={span} perPosition={perPosition} />
      )}
    </div>
  )
}

interface MakePartitionProps {
  network: string
  dataset: string
  span: Span
  perPosition: boolean
}

function MakePartition({ network, dataset, span, perPosition }: MakePartitionProps) {
  return (
    <JobButton
      key={String(perPosition)}
      ask={async () => {
        const granularity = perPosition ? 'PER_POSITION' : 'WHOLE_INPUT'
        const input = { network, dataset, fromLayer: span.from, toLayer: span.to, granularity } as const
        return (await atlas.query(Create, { input })).createPartition.job
      }}
    >
      Make a partition
    </JobButton>
  )
}

/** The span that begins where the old one does and reaches to a layer, whichever comes first. */
function reaching({ from }: Span, layer: number): Span {
  return { from: Math.min(from, layer), to: Math.max(from, layer) }
}

interface LayerSelectProps {
  name: string
  layers: readonly LayerFacts[]
  value: number
  onChange: (layer: number) => void
}

function LayerSelect({ name, layers, value, onChange }: LayerSelectProps) {
  return (
    <label>
      {name}
      <select value={value} onChange={({ target }) => onChange(Number(target.value))}>
        {layers.map(({ index }) => (
          <option key={index}>{index}</option>
        ))}
      </select>
    </label>
  )
}
