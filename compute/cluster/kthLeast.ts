/** The k-th least value, k from 1, by a heap of the k least so far. */
export function kthLeast(values: Float32Array | Float64Array, k: number): number {
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
function sink(heap: Float32Array | Float64Array, from: number): void {
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
