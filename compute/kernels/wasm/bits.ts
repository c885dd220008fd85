import { emptyScratch } from './scratch.ts'

/** Bytes of rows that are copied in and looked at while they are in the cache. */
const TILE_BYTES = 32_768

/** Active bits of each row. See {@link Kernels.popcounts}. */
export function popcounts(words: Uint32Array, width: number, rows: number): Uint32Array {
  const counts = new Uint32Array(rows)
  const scratch = emptyScratch()
  const rowBytes = width * 4
  const tile = tileRows(rowBytes, rows)
  const rowsAt = scratch.take(tile * rowBytes)
  const countsAt = scratch.take(tile * 4)
  const tileWords = scratch.words(rowsAt, tile * width)
  const tileCounts = scratch.words(countsAt, tile)
  for (let from = 0; from < rows; from += tile) {
    const count = Math.min(tile, rows - from)
    tileWords.set(words.subarray(from * width, (from + count) * width))
    scratch.exports.popcounts(rowsAt, count, rowBytes, countsAt)
    counts.set(tileCounts.subarray(0, count), from)
  }
  return counts
}

/** Marks the bits on which rows differ from a reference. See {@link Kernels.markDifferences}. */
export function markDifferences(
  words: Uint32Array,
  rows: number,
  reference: Uint32Array,
  differing: Uint32Array,
): void {
  const width = reference.length
  const scratch = emptyScratch()
  const rowBytes = width * 4
  const tile = tileRows(rowBytes, rows)
  const rowsAt = scratch.take(tile * rowBytes)
  const referenceAt = scratch.take(rowBytes)
  const differingAt = scratch.take(rowBytes)
  const tileWords = scratch.words(rowsAt, tile * width)
  const marks = scratch.words(differingAt, width)
  scratch.words(referenceAt, width).set(reference)
  marks.set(differing)
  for (let from = 0; from < rows; from += tile) {
    const count = Math.min(tile, rows - from)
    tileWords.set(words.subarray(from * width, (from + count) * width))
    scratch.exports.markDifferences(rowsAt, count, rowBytes, referenceAt, differingAt)
  }
  differing.set(marks)
}

function tileRows(rowBytes: number, rows: number): number {
  return Math.min(rows, Math.max(1, Math.floor(TILE_BYTES / Math.max(1, rowBytes))))
}
