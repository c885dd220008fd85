import { kernels, zeroRows, type CodeRows } from '../kernels/index.ts'
import { kthLeast } from './kthLeast.ts'

/** The rows `from` … `to - 1` of a set, and which nearest row is wanted, themselves the first. */
export interface JaccardTask {
  rows: CodeRows
  minSamples: number
  from: number
  to: number
}

/** Of each row of a task, the Jaccard distance to its nearest row number `minSamples`, float32. */
export function jaccardCores({ rows, minSamples, from, to }: JaccardTask): Float32Array {
  const { words, width } = rows
  const queries = zeroRows(to - from, rows.bitCount)
  queries.words.set(words.subarray(from * width, to * width))
  const common = kernels().countCommon(queries, rows)
  const ones = kernels().popcounts(words, width, rows.rows)
  const distances = new Float32Array(rows.rows)
  return Float32Array.from({ length: to - from }, (_, query) => {
    const own = ones[from + query]
    for (let row = 0; row < rows.rows; row++) {
      const shared = common[query * rows.rows + row]
      const differing = own + ones[row] - 2 * shared
      // Rounded as the tree's kernel rounds it.
      distances[row] = differing === 0 ? 0 : (2 * differing) / (own + ones[row] + differing)
    }
    return kthLeast(distances, minSamples)
  })
}
