import { shareRows } from '../kernels/index.ts'
import { nearestCodes } from '../neighbors/index.ts'
import { PROGRESS_STEPS } from './drawRows.ts'
import { runTask } from './pool.ts'
import type { EmbedInput, EmbedOptions } from './types.ts'

/** How often the progress of the drawing is looked at. */
const LOOK_MS = 200

/**
 * Places codes in the plane so that near ones are near, by UMAP (McInnes, Healy and Melville, "UMAP: uniform manifold
 * approximation and projection for dimension reduction", 2018) of their Hamming distances: exact nearest rows, a start from
 * the two principal components of the bits, min_dist 0.1 and spread 1. Equal seeds give equal bytes. Runs on worker threads;
 * the event loop stays free. Beside the codes it takes about 50 bytes a row and neighbour. Steps are rows, twice: for their
 * nearest rows and for the drawing.
 *
 * @returns x and y of each row in turn, centred, the longer axis from -1 to 1; a single row lies at 0
 */
export async function embedCodes(input: EmbedInput, options: EmbedOptions = {}): Promise<Float32Array> {
  const { codes, bitCount, seed } = input
  const rowCount = bitCount === 0 ? 0 : codes.length / Math.ceil(bitCount / 8)
  if (rowCount < 2) return new Float32Array(2 * rowCount)
  const { signal, onProgress } = options
  const k = Math.min(input.neighbors, rowCount - 1)
  const { indices, distances } = await nearestCodes(
    { queries: codes, base: codes, bitCount, k, self: true },
    { ...(signal && { signal }), onProgress: (done) => onProgress?.(done, 2 * rowCount) },
  )
  const rows = await shareRows(codes, rowCount, bitCount)
  const progress = new Int32Array(new SharedArrayBuffer(4))
  const look = setInterval(() => {
    const share = Atomics.load(progress, 0) / PROGRESS_STEPS
    onProgress?.(rowCount + Math.floor(share * rowCount), 2 * rowCount)
  }, LOOK_MS)
  try {
    const positions = await runTask('drawRows', { rows, k, indices, distances, seed, progress }, signal)
    onProgress?.(2 * rowCount, 2 * rowCount)
    return positions
  } finally {
    clearInterval(look)
  }
}
