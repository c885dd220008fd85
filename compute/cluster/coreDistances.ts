import { kernels, type CodeRows } from '../kernels/index.ts'
import { nearestCodes } from '../neighbors/index.ts'
import { runTask } from './pool.ts'
import type { CodeMetric } from './types.ts'

/** Pairs of a Jaccard task at most: their counts take 16 MiB. */
const TASK_PAIRS = 1 << 22

/** Core distances: bits, or float32 Jaccard distances. */
export type Cores = { metric: 'HAMMING'; values: Int32Array } | { metric: 'JACCARD'; values: Float32Array }

interface CoreInput {
  rows: CodeRows
  /** The same codes, packed. */
  codes: Uint8Array
  metric: CodeMetric
  minSamples: number
}

interface CoreOptions {
  signal?: AbortSignal | undefined
  /** Called with the rows that are done. */
  onProgress(done: number): void
}

/** The distance of each row to its nearest row number `minSamples`, of which it is the first itself. */
export async function coreDistances(input: CoreInput, options: CoreOptions): Promise<Cores> {
  const { rows, codes, metric, minSamples } = input
  if (metric === 'JACCARD') return { metric, values: await jaccardDistances(rows, minSamples, options) }
  if (minSamples === 1) return { metric, values: new Int32Array(rows.rows) }
  const k = minSamples - 1
  const { signal, onProgress } = options
  const { distances } = await nearestCodes(
    { queries: codes, base: codes, bitCount: rows.bitCount, self: true, k },
    { ...(signal && { signal }), onProgress },
  )
  return { metric, values: Int32Array.from({ length: rows.rows }, (_, row) => distances[row * k + k - 1]) }
}

/** Cuts the rows into tasks, as many at a time as the kernels can use. */
async function jaccardDistances(
  rows: CodeRows,
  minSamples: number,
  { signal, onProgress }: CoreOptions,
): Promise<Float32Array> {
  const values = new Float32Array(rows.rows)
  const step = Math.max(1, Math.floor(TASK_PAIRS / rows.rows))
  let next = 0
  let done = 0
  const run = async () => {
    while (next < rows.rows) {
      const from = next
      const to = Math.min(rows.rows, from + step)
      next = to
      values.set(await runTask('jaccardCores', { rows, minSamples, from, to }, signal), from)
      onProgress((done += to - from))
    }
  }
  try {
    await Promise.all(Array.from({ length: kernels().threads }, run))
  } finally {
    next = rows.rows // after a failure the other runners stop as well
  }
  return values
}
