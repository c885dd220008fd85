import type { Executor } from '../../store/database.ts'
import { readMetric, type MetricRow } from '../../store/comparisonMatrix.ts'
import type { MatrixMetric } from '../../store/matrixMetrics.ts'
import type { PartitionRow } from '../../store/models.ts'
import { allPairs, checkAllComparable } from '../commands/comparable.ts'

/** One metric of all pairs of partitions. */
export interface ComparisonMatrix {
  metric: MatrixMetric
  partitions: PartitionRow[]
  values: (number | null)[][]
  baseline: (number | null)[][]
  missing: { a: PartitionRow; b: PartitionRow }[]
}

/** Reads a matrix from the stored comparisons, by one statement. Throws what `checkAllComparable` throws. */
export async function comparisonMatrix(
  on: Executor,
  partitions: PartitionRow[],
  metric: MatrixMetric,
): Promise<ComparisonMatrix> {
  checkAllComparable(partitions)
  const ids = partitions.map(({ id }) => id)
  const rows = await readMetric(on, ids, metric)
  const stored = new Map(rows.map((row) => [`${row.aId} ${row.bId}`, row]))
  const empty = () => ids.map(() => ids.map((): number | null => null))
  const [values, baseline] = [empty(), empty()]
  const place = (i: number, j: number, row: MetricRow) => {
    values[i][j] = row.forward
    values[j][i] = row.backward
    baseline[i][j] = row.baselineForward
    baseline[j][i] = row.baselineBackward
  }
  for (const [i, a] of ids.entries()) {
    for (const [j, b] of ids.entries()) {
      const row = stored.get(`${a} ${b}`)
      // Of both orders the one of the partitions counts, so that a pair's cells are those of one comparison.
      if (row && (i <= j || !stored.has(`${b} ${a}`))) place(i, j, row)
    }
  }
  const missing = allPairs(partitions)
    .filter(([a, b]) => !stored.has(`${a.id} ${b.id}`) && !stored.has(`${b.id} ${a.id}`))
    .map(([a, b]) => ({ a, b }))
  return { metric, partitions, values, baseline, missing }
}
