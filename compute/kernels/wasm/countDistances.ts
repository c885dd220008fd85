import type { DistanceCountTask } from '../contract.ts'
import { DistanceTable } from './distanceTable.ts'
import { emptyScratch } from './scratch.ts'

/** Counts pairs of sites by their distance. See {@link Kernels.countDistances}. */
export function countDistances({ rows, sizes, from, to }: DistanceCountTask): Float64Array {
  const scratch = emptyScratch()
  const sizesAt = scratch.putInts(sizes)
  const countsAt = scratch.putFloats(new Float64Array(rows.bitCount + 1))
  const table = new DistanceTable(scratch, rows, to - from)
  for (let first = from; first < to; first += table.capacity) {
    const count = Math.min(table.capacity, to - first)
    const picks = Int32Array.from({ length: count }, (_, i) => first + i)
    table.measure(rows, picks, first)
    picks.forEach((row, slot) => {
      const others = row + 1
      const distances = table.row(slot) + others * 4
      scratch.exports.tally(distances, sizesAt + others * 4, rows.rows - others, sizes[row], countsAt)
    })
  }
  const counts = scratch.floats(countsAt, rows.bitCount + 1).slice()
  for (let row = from; row < to; row++) counts[0] += (sizes[row] * (sizes[row] - 1)) / 2
  return counts
}
