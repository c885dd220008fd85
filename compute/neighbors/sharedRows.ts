import { setImmediate } from 'node:timers/promises'
import { kernels, widenRows } from '../kernels/index.ts'

/** Bytes copied before the event loop gets its turn: some 10 ms. */
const SLICE_BYTES = 16 * 2 ** 20

/** Packed codes laid out for the search, in memory that all threads see. */
export interface SharedRows {
  /** Rows x width. */
  words: Uint32Array
  rows: number
  /** Words a row, a multiple of the search kernel's block; zeros after the code. */
  width: number
}

/**
 * Copies packed codes into shared memory, each padded to whole kernel blocks.
 *
 * @param codes rows x ceil(bitCount / 8) bytes, zero after the last bit
 */
export async function shareRows(codes: Uint8Array, bitCount: number): Promise<SharedRows> {
  const stride = Math.ceil(bitCount / 8)
  const rows = stride === 0 ? 0 : codes.length / stride
  if (!Number.isInteger(rows)) {
    throw new RangeError(`${codes.length} bytes are no whole number of codes of ${stride} bytes`)
  }
  const block = kernels.nearestBlockWords
  const width = Math.ceil(bitCount / (32 * block)) * block
  const words = new Uint32Array(new SharedArrayBuffer(rows * width * 4))
  const slice = Math.max(1, Math.floor(SLICE_BYTES / (width * 4)))
  for (let from = 0; from < rows; from += slice) {
    const to = Math.min(rows, from + slice)
    const source = codes.subarray(from * stride, to * stride)
    widenRows(source, stride, to - from, words.subarray(from * width, to * width), width)
    if (to < rows) await setImmediate()
  }
  return { words, rows, width }
}
