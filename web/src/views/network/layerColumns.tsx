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
  const [perPosition, setPerPosition] = useState(false)
  if (layers.length === 0) return <Empty>This network has no gate, so that nothing cuts its inputs.</Empty>
  const cutOf = ({ from, to }: Span) =>
    partitions.nodes.find(
      (p) => p.fromLayer.index === from && p.toLayer.index === to && p.computedAt !== null,
    )
  const isEncoded = (index: number) =>
    partitions.nodes.some(
      (p) => p.computedAt !== null && p.fromLayer.index <= index && p.toLayer.index >= index,
    )
  const picked = layers.slice(span.from, span.to + 1)
  const positions = new Set(picked.map(({ positionCount }) => positionCount))
  const canSplit = positions.size === 1 && !positions.has(1)
  const there = perPosition && canSplit ? undefined : cutOf(span)
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
      <div className="row">
        <LayerSelect
          name="Layers"
          layers={layers}
          value={span.from}
          onChange={(from) => setSpan({ from, to: Math.max(from, span.to) })}
        />
        <LayerSelect
          name="to"
          layers={layers}
          value={span.to}
          onChange={(to) => setSpan({ from: Math.min(span.from, to), to })}
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
              onChange={({ target }) => setPerPosition(target.checked)}
            />
            a code for each position
          </label>
        )}
        {there ? (
          <span>
            cut {dataset} into{' '}
            <EntityLink path={there.path}>{counted(there.regionCount, 'region')}</EntityLink>
          </span>
        ) : (
          <JobButton
            key={`${span.from}-${span.to}-${perPosition}`}
            ask={async () => {
              const granularity = perPosition && canSplit ? 'PER_POSITION' : 'WHOLE_INPUT'
              const { from: fromLayer, to: toLayer } = span
              const input = { network, dataset, fromLayer, toLayer, granularity } as const
              return (await atlas.query(Create, { input })).createPartition.job
            }}
          >
            Make a partition
          </JobButton>
        )}
      </div>
    </>
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
