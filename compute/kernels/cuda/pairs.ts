import type { CodeRows } from '../codeRows.ts'
import { MAX_OVERLAP, type DistanceCountTask, type PairSums, type PairTask } from '../contract.ts'
import type { CudaLibrary } from './library.ts'

/** Counts pairs of sites by their distance. See {@link Kernels.countDistances}. */
export function countDistances(
  library: CudaLibrary,
  { rows, sizes, from, to }: DistanceCountTask,
): Float64Array {
  const counts = new Float64Array(rows.bitCount + 1)
  library.call(
    'count_distances',
    ...[rows.id, rows.words, rows.rows, rows.width, rows.bitCount],
    ...[sizes, from, to, counts],
  )
  return counts
}

/** Sums over pairs of sites of two partitions. See {@link Kernels.sumPairs}. */
export function sumPairs(
  library: CudaLibrary,
  { table, a, b, ranksA, ranksB, from, to }: PairTask,
): PairSums {
  const sums = new Float64Array(7 + MAX_OVERLAP)
  library.call(
    'sum_pairs',
    ...[table.a, table.b, table.count, table.count.length, table.siteCount],
    ...side(a, table.sizesA, ranksA),
    ...side(b, table.sizesB, ranksB),
    ...[from, to, sums],
  )
  const [rankProducts, distanceProducts, rowsA, rowsB, rowsAA, rowsBB, rowsAB] = sums
  const overlaps = sums.slice(7)
  return { rankProducts, distanceProducts, rowsA, rowsB, rowsAA, rowsBB, rowsAB, overlaps }
}

function side({ id, words, rows, width, bitCount }: CodeRows, sizes: Int32Array, ranks: Float64Array) {
  return [id, words, rows, width, bitCount, sizes, ranks] as const
}
