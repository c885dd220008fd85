import type { CodeRows } from '../codeRows.ts'
import { popcounts } from './bits.ts'
import { DistanceTable } from './distanceTable.ts'
import { emptyScratch } from './scratch.ts'

/**
 * Common ones of all pairs of rows: what is left of the ones of both when the bits that differ are taken away, halved.
 * See {@link Kernels.countCommon}.
 */
export function countCommon(a: CodeRows, b: CodeRows): Int32Array {
  const counts = new Int32Array(a.rows * b.rows)
  const onesA = popcounts(a.words, a.width, a.rows)
  const onesB = popcounts(b.words, b.width, b.rows)
  const table = new DistanceTable(emptyScratch(), b, a.rows)
  for (let first = 0; first < a.rows; first += table.capacity) {
    const count = Math.min(table.capacity, a.rows - first)
    const picks = Int32Array.from({ length: count }, (_, i) => first + i)
    table.measure(a, picks, 0)
    picks.forEach((row, slot) => {
      const distances = table.distances(slot)
      for (let j = 0; j < b.rows; j++) counts[row * b.rows + j] = (onesA[row] + onesB[j] - distances[j]) / 2
    })
  }
  return counts
}
