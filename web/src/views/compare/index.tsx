import { useId, useState } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { usePageTitle } from '../../lib/usePageTitle.ts'
import { Empty, Loaded, Panel } from '../../parts/panel.tsx'
import { SeriesList } from '../atlas/lists.tsx'
import { MetricMatrix } from './metricMatrix.tsx'
import { Pair } from './pair.tsx'

const Partitions = graphql(`
  query ComparablePartitions {
    partitions(first: 500) {
      totalCount
      nodes {
        path
        granularity
        computedAt
        dataset {
          name
        }
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

/** Two partitions of one dataset beside each other, and all that cut it by the same layers. */
export default function CompareView() {
  usePageTitle('Compare')
  return (
    <>
      <h1>Compare: how two networks cut the same inputs</h1>
      <Loaded what="partitions">
        <Chosen />
      </Loaded>
    </>
  )
}

function Chosen() {
  const [get] = useArgs()
  const { partitions } = useAnswer(Partitions, {})
  const ready = partitions.nodes.filter(({ computedAt }) => computedAt !== null)
  const [a, b] = [get('a'), get('b')]
  const first = ready.find(({ path }) => path === a) ?? ready.at(0)
  if (!first)
    return (
      <Empty>
        No partition is computed yet: open a network and choose the layers that are to cut a dataset.
      </Empty>
    )
  const alike = ready.filter(
    (p) =>
      p.dataset.name === first.dataset.name &&
      p.granularity === first.granularity &&
      p.fromLayer.index === first.fromLayer.index &&
      p.toLayer.index === first.toLayer.index,
  )
  const sameData = ready.filter(({ dataset }) => dataset.name === first.dataset.name)
  return (
    <>
      <PairForm key={`${a} ${b}`} a={first.path} b={b} first={ready} second={sameData} />
      {a !== '' && b !== '' && <Pair key={`${a} ${b}`} a={a} b={b} />}
      <div className="columns">
        <Panel title={`All that cut ${first.dataset.name} by the same layers`}>
          <MetricMatrix partitions={alike.slice(0, 64).map(({ path }) => path)} />
          {alike.length > 64 && <p className="hint">The first 64 of {alike.length} are shown.</p>}
        </Panel>
        <Panel title="Trainings">
          <p className="hint">A series shows how a network's codes move from checkpoint to checkpoint.</p>
          <SeriesList />
        </Panel>
      </div>
    </>
  )
}

interface PairFormProps {
  a: string
  b: string
  first: readonly { path: string }[]
  second: readonly { path: string }[]
}

function PairForm({ a, b, first, second }: PairFormProps) {
  const [, set] = useArgs()
  const [chosen, choose] = useState({ a, b: b || (second.find(({ path }) => path !== a)?.path ?? a) })
  const id = useId()
  return (
    <form
      className="panel"
      aria-label="Which two partitions"
      onSubmit={(event) => {
        event.preventDefault()
        set({ a: chosen.a.trim(), b: chosen.b.trim() })
      }}
    >
      <div className="row">
        {(['a', 'b'] as const).map((side) => (
          <label key={side}>
            {side}
            <input
              value={chosen[side]}
              size={30}
              list={id + side}
              spellCheck={false}
              required
              onChange={({ target }) => choose({ ...chosen, [side]: target.value })}
            />
            <datalist id={id + side}>
              {(side === 'a' ? first : second).map(({ path }) => (
                <option key={path} value={path} />
              ))}
            </datalist>
          </label>
        ))}
        <button type="submit" className="main">
          Compare
        </button>
      </div>
    </form>
  )
}
