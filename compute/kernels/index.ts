/**
 * The hot loops: typed arrays in, typed arrays out, no knowledge of networks. One contract that every backend
 * fulfils with bit-identical integer results; the plain loops of this folder are the one that runs everywhere.
 *
 * Words of the contract: a *row* is one packed code, bit 0 lowest in byte 0; its *stride* is ceil(bits / 8) bytes;
 * bits past the last are zero. *Words* are 32 bits, little-endian, a row of them is padded with zeros.
 */
import { copyBits, markDifferences, popcounts } from './bits.ts'
import { GroupTable } from './groupTable.ts'
import { hash128 } from './murmur3.ts'
import { nearest } from './nearest.ts'
import { pack } from './pack.ts'
import { BLOCK_WORDS } from './wasm/rowScanner.ts'

export { RowScanner } from './wasm/rowScanner.ts'
export { narrowRows, rowWords, widenRows } from './words.ts'
export type { GroupTable } from './groupTable.ts'

/** A search for the nearest base rows of the queries `queryFrom` … `queryTo - 1`. */
export interface NearestTask {
  /** Query rows x width words. */
  queries: Uint32Array
  queryFrom: number
  queryTo: number
  /** baseRows x width words. */
  base: Uint32Array
  baseRows: number
  /** Words a row, a multiple of {@link Kernels.nearestBlockWords}. */
  width: number
  /** Neighbours wanted a query, 0 or more. */
  k: number
  /** Greatest distance that counts as near, bits. */
  maxDistance: number
  /** Query row i is base row i and no neighbour of itself. */
  self: boolean
}

/** Neighbours by ascending distance, then index. The first row is that of `queryFrom`. */
export interface NearestResult {
  /** Per query: how many were found, at most k. */
  counts: Int32Array
  /** Queries x k base rows, -1 after the last found. */
  indices: Int32Array
  /** Queries x k distances in bits, -1 after the last found. */
  distances: Int32Array
}

/** What a backend offers. */
export interface Kernels {
  /**
   * One pass over pre-activations (sites x units, float32): writes `codes` (sites x ceil(units / 8) bytes,
   * bit = pre > threshold) and `margins` (per site the least |pre - threshold|; Infinity where there are no units).
   * Returns the sum of |pre - threshold| in float64, in no promised order: NaN or Infinity exactly when some
   * pre-activation is NaN or infinite.
   */
  pack(
    pre: Float32Array,
    sites: number,
    units: number,
    threshold: number,
    codes: Uint8Array,
    margins: Float32Array,
  ): number
  /**
   * MurmurHash3_x86_128 of each row's `stride` bytes, given as rows x ceil(stride / 4) words.
   * Returns rows x 4 words; as little-endian bytes they are the algorithm's published output.
   */
  hash128(words: Uint32Array, stride: number, rows: number, seed: number): Uint32Array
  /** An empty table that numbers distinct rows of `width` words in order of first appearance. */
  groupTable(width: number): GroupTable
  /** Copies a run of `bits` from a byte offset of `source` to a bit offset of `target` (zero there before). */
  copyBits(source: Uint8Array, from: number, bits: number, target: Uint8Array, at: number): void
  /** Active bits of each row: rows x width words -> rows. */
  popcounts(words: Uint32Array, width: number, rows: number): Uint32Array
  /** Sets in `differing` (stride bytes) every bit in which some row of `codes` (rows x stride) is not `reference`. */
  markDifferences(
    codes: Uint8Array,
    stride: number,
    rows: number,
    reference: Uint8Array,
    differing: Uint8Array,
  ): void
  /** Words that rows of a search are padded to a multiple of. */
  readonly nearestBlockWords: number
  /** Exact nearest rows by Hamming distance, ties by index. Runs to its end: cut a long search in tasks. */
  nearest(task: NearestTask): NearestResult
}

/** The backend in use. */
export const kernels: Kernels = {
  pack,
  hash128,
  groupTable: (width) => new GroupTable(width),
  copyBits,
  popcounts,
  markDifferences,
  nearestBlockWords: BLOCK_WORDS,
  nearest,
}
