import { useQueryClient, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { atlas, graphql } from '../../lib/atlas.ts'
import { rampColor } from '../../lib/colors.ts'
import { counted, number } from '../../lib/format.ts'
import { pageHref } from '../../lib/paths.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { JobBar, JobFields } from '../../parts/jobs.tsx'
import { Empty, Loaded, Problem } from '../../parts/panel.tsx'

const Matrix = graphql(`
  query MetricMatrix($partitions: [ID!]!, $metric: ComparisonMetric!) {
    comparisonMatrix(partitions: $partitions, metric: $metric) {
      values
      partitions {
        path
        network {
          name
        }
      }
      missing {
        a {
          path
        }
      }
    }
  }
`)

const CompareAll = graphql(
  `
    mutation CompareAll($partitions: [ID!]!) {
      compareAll(partitions: $partitions) {
        jobs {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

/** The metrics and what they are called; all but the third grow with likeness. */
const METRICS = {
  AGREEMENT: 'same prediction',
  HAMMING_KERNEL_CKA: 'alignment of Hamming kernels',
  ADJUSTED_MUTUAL_INFORMATION: 'adjusted mutual information',
  ADJUSTED_RAND_INDEX: 'adjusted Rand index',
  REGION_OVERLAP: 'overlap of matched regions',
  DISTANCE_RANK_CORRELATION: 'rank correlation of distances',
  NEIGHBOR_OVERLAP: 'overlap of the 10 nearest',
  VARIATION_OF_INFORMATION: 'variation of information, bits',
  CONDITIONAL_ENTROPY: 'entropy of row given column, bits',
} as const

type Metric = keyof typeof METRICS

const isMetric = (text: string): text is Metric => text in METRICS

/** One metric of all pairs of some partitions; a cell leads to its comparison. */
export function MetricMatrix({ partitions }: { partitions: readonly string[] }) {
  const [metric, setMetric] = useState<Metric>('AGREEMENT')
  if (partitions.length < 2)
    return <Empty>There is only one such partition: nothing to compare it with.</Empty>
  return (
    <>
      <label>
        metric
        <select value={metric} onChange={({ target }) => isMetric(target.value) && setMetric(target.value)}>
          {Object.entries(METRICS).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Loaded what="metric matrix" key={metric}>
        <Cells partitions={partitions} metric={metric} />
      </Loaded>
    </>
  )
}

function Cells({ partitions, metric }: { partitions: readonly string[]; metric: Metric }) {
  const { comparisonMatrix } = useAnswer(Matrix, { partitions: [...partitions], metric })
  const { values, partitions: sides, missing } = comparisonMatrix
  const known = values.flatMap((row, i) => row.filter((value, j) => value !== null && i !== j)) as number[]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return (
    <>
      <div className="heat" tabIndex={0} role="region" aria-label={`Matrix: ${METRICS[metric]}`}>
        <table>
          <thead>
            <tr>
              <td />
              {sides.map((_, i) => (
                <th key={i} scope="col">
                  {i}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {values.map((row, i) => (
              <tr key={i}>
                <th scope="row" className="matrix-name">
                  {i} <EntityLink path={sides[i].path}>{sides[i].network.name}</EntityLink>
                </th>
                {row.map((value, j) => (
                  <Cell
                    key={j}
                    value={value}
                    share={value === null || i === j ? null : high > low ? (value - low) / (high - low) : 1}
                    href={pageHref('/compare', { a: sides[i].path, b: sides[j].path })}
                    said={`${sides[i].network.name} and ${sides[j].network.name}`}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {missing.length > 0 && <Missing partitions={partitions} count={missing.length} />}
    </>
  )
}

/** Up to this share of the ramp white text stands out more than black. */
const DARK = 0.15

interface CellProps {
  value: number | null
  /** Its place between the least and the greatest value of the matrix; null on the diagonal. */
  share: number | null
  href: string
  said: string
}

function Cell({ value, share, href, said }: CellProps) {
  if (value === null || share === null)
    return <td className="number muted">{value === null ? '–' : number(value)}</td>
  return (
    <td className="number" style={{ background: rampColor(share), padding: 0 }} title={said}>
      <Link href={href} className="cell-link" style={{ color: share > DARK ? '#000' : '#fff' }}>
        {number(value)}
      </Link>
    </td>
  )
}

/** Queues the comparisons that lack; a job each. */
function Missing({ partitions, count }: { partitions: readonly string[]; count: number }) {
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: async () => (await atlas.query(CompareAll, { partitions: [...partitions] })).compareAll.jobs,
  })
  if (start.error) return <Problem error={start.error} />
  if (start.data)
    return (
      <div className="stack">
        {start.data.map((job) => (
          <JobBar key={job.id} job={job} onOver={() => void queries.invalidateQueries()} />
        ))}
      </div>
    )
  return (
    <div className="row">
      <span className="muted">{counted(count, 'pair is', 'pairs are')} not compared.</span>
      <button type="button" onClick={() => start.mutate()} disabled={start.isPending}>
        Compare all
      </button>
    </div>
  )
}
