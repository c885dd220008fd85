import { kernels, zeroRows, type CodeRows } from '../kernels/index.ts'

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

/** The k-th least value, k from 1, by a heap of the k least so far. */
function kthLeast(values: Float32Array, k: number): number {
  const heap = values.slice(0, k)
  for (let at = (k >> 1) - 1; at >= 0; at--) sink(heap, at)
  for (let i = k; i < values.length; i++) {
    if (values[i] >= heap[0]) continue
    heap[0] = values[i]
    sink(heap, 0)
  }
  return heap[0]
}

/** Brings a value that may be less than those below it to its place in a heap with the greatest on top. */
function sink(heap: Float32Array, from: number): void {
  const value = heap[from]
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && heap[child + 1] > heap[child]) child++
    if (heap[child] <= value) break
    heap[at] = heap[child]
    at = child
  }
  heap[at] = value
}
