import type { NearestResult, NearestTask, WithinResult, WithinTask } from '../contract.ts'
import type { Argument } from '../sharedLibrary.ts'
import type { NativeLibrary } from './library.ts'

/** What both searches begin with. The last are the limits: rows below them are near. */
function searched(set: number, { queries, base, from, to, self, maxDistance }: WithinTask): Argument[] {
  const most = Math.max(-1, Math.min(Math.floor(maxDistance), base.bitCount))
  const limits = new Int32Array(to - from).fill(most + 1)
  // Two of the 32-bit words are one there.
  return [set, queries.words, base.words, base.rows, base.width / 2, from, to, Number(self), limits]
}

/** Exact nearest rows. See {@link Kernels.nearest}. */
export function nearest(library: NativeLibrary, set: number, task: NearestTask): NearestResult {
  const { from, to, k } = task
  const counts = new Int32Array(to - from)
  const indices = new Int32Array((to - from) * k).fill(-1)
  const distances = new Int32Array((to - from) * k).fill(-1)
  if (k > 0) library.call('nearest', ...searched(set, task), counts, k, indices, distances)
  return { counts, indices, distances }
}

/** All rows within a radius. See {@link Kernels.within}. */
export function within(library: NativeLibrary, set: number, task: WithinTask): WithinResult {
  const starts = new Int32Array(task.to - task.from + 1)
  const found = new BigUint64Array(1)
  library.call('within', ...searched(set, task), starts.subarray(1), found)
  for (let query = 1; query < starts.length; query++) starts[query] += starts[query - 1]
  const total = starts[starts.length - 1]
  const [indices, distances] = [new Int32Array(total), new Int32Array(total)]
  library.call('take_within', found[0], starts.slice(), indices, distances)
  return { starts, indices, distances }
}
