import { requestComparison } from '../../jobs/commands/requestComparison.ts'
import { createLoaders } from '../../store/loaders.ts'
import type { ComparisonMetrics, ComparisonRow } from '../../store/models.ts'
import { count, decimal } from '../format.ts'
import { findReadyPartition } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { fields, sections, table } from '../text.ts'

/** `atlas compare` */
export async function compareCommand(
  cli: AtlasCli,
  pathA: string,
  pathB: string,
  options: { detach?: boolean },
): Promise<void> {
  const { db } = cli.atlas
  const a = await findReadyPartition(cli.loaders, pathA)
  const b = await findReadyPartition(cli.loaders, pathB)
  const jobId = await requestComparison(db, a.id, b.id)
  const { job, finished } = await runJob(cli, jobId, `compare ${pathA} ${pathB}`, options)
  const row = finished ? await createLoaders(db).comparisonOf.load([a.id, b.id]) : null
  const comparison = row && comparisonView(pathA, pathB, row)
  cli.output.answer({ job, comparison }, row ? comparisonText(pathA, pathB, row) : (job?.id ?? ''))
}

function comparisonView(a: string, b: string, row: ComparisonRow) {
  const { siteCount, metrics, baseline, sharedCodeCount, flips } = row
  return { a, b, siteCount, ...metrics, baseline, sharedCodeCount, flips }
}

/** Neighbours of which the text shows the overlap; `--json` has all of them. */
const SHOWN_K = 10

function comparisonText(a: string, b: string, row: ComparisonRow): string {
  const scalars: [string, keyof Omit<ComparisonMetrics, 'neighborOverlap'>][] = [
    ['adjusted mutual information', 'adjustedMutualInformation'],
    ['adjusted Rand index', 'adjustedRandIndex'],
    ['variation of information, bits', 'variationOfInformation'],
    ['entropy of A given B, bits', 'conditionalEntropyAGivenB'],
    ['entropy of B given A, bits', 'conditionalEntropyBGivenA'],
    ['overlap of regions, one to one', 'regionOverlap'],
    ['CKA of the Hamming kernels', 'hammingKernelCka'],
    ['rank correlation of distances', 'distanceRankCorrelation'],
    ['agreement of predictions', 'agreement'],
  ]
  const rows = scalars.map(([title, key]) => [title, decimal(row.metrics[key]), decimal(row.baseline[key])])
  const overlap = (metrics: ComparisonMetrics) => decimal(metrics.neighborOverlap[SHOWN_K - 1] ?? 0)
  rows.push([`overlap of ${SHOWN_K} neighbours`, overlap(row.metrics), overlap(row.baseline)])
  if (row.flips) {
    const { bitFlips, alignedBitFlips, baseline } = row.flips
    rows.push(['bits that differ', count(bitFlips.total), count(baseline.bitFlips.total)])
    rows.push(['... units aligned', count(alignedBitFlips.total), count(baseline.alignedBitFlips.total)])
  }
  return sections(
    fields([
      ['A', a],
      ['B', b],
      ['sites', row.siteCount],
      ['shared codes', row.sharedCodeCount],
    ]),
    table(['metric', 'A and B', 'B permuted'], rows),
  )
}
