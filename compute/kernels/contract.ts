/**
 * The hot loops: typed arrays in, typed arrays out, no knowledge of networks. One contract, fulfilled by each
 * backend with bit-identical whole numbers; floating sums may differ in their last digits.
 *
 * Words of the contract: a *row* is one packed code, bit 0 lowest in byte 0; its *stride* is ceil(bits / 8) bytes;
 * bits past the last are zero. *Words* are 32 bits, little-endian; a row of them is padded with zeros. A call runs to
 * its end on the calling thread: callers cut long work into tasks of about {@link Kernels.taskWork}.
 */
import type { CodeRows } from './codeRows.ts'

/** A search for the nearest base rows of the query rows `from` … `to - 1`. */
export interface NearestTask extends WithinTask {
  /** Neighbours wanted a query, 0 or more. */
  k: number
}

/** Neighbours by ascending distance, then index. The first row is that of query `from`. */
export interface NearestResult {
  /** Per query: how many were found, at most k. */
  counts: Int32Array
  /** Queries x k base rows, -1 after the last found. */
  indices: Int32Array
  /** Queries x k distances in bits, -1 after the last found. */
  distances: Int32Array
}

/** A search for all base rows near the query rows `from` … `to - 1`. Queries and base have one width. */
export interface WithinTask {
  queries: CodeRows
  from: number
  to: number
  base: CodeRows
  /** Greatest distance that counts as near, bits. */
  maxDistance: number
  /** Queries and base are the same rows, and row i is no neighbour of itself. */
  self: boolean
}

/** All rows within a radius, of each query by ascending index. */
export interface WithinResult {
  /** Queries + 1: query i has the entries starts[i] … starts[i + 1] - 1. */
  starts: Int32Array
  /** Base rows. */
  indices: Int32Array
  /** Their distances in bits. */
  distances: Int32Array
}

/** Distances of all pairs of sites whose first lies in the rows `from` … `to - 1`. */
export interface DistanceCountTask {
  rows: CodeRows
  /** Sites of each row. */
  sizes: Int32Array
  from: number
  to: number
}

/** The cells that two partitions of the same sites cut them into. At most one a site. */
export interface PairCells {
  /** Row of a of each cell, ascending. */
  a: Int32Array
  /** Row of b of each cell, ascending inside one row of a. */
  b: Int32Array
  /** Sites of each cell, at least 1. */
  count: Int32Array
  /** Sites of each row of a. */
  sizesA: Int32Array
  /** Sites of each row of b. */
  sizesB: Int32Array
  /** All sites. */
  siteCount: number
}

/** A pass over all ordered pairs of sites whose first lies in the cells `from` … `to - 1`. */
export interface PairTask {
  table: PairCells
  a: CodeRows
  b: CodeRows
  /** Centred rank of each distance of a: bits + 1. */
  ranksA: Float64Array
  /** Centred rank of each distance of b: bits + 1. */
  ranksB: Float64Array
  from: number
  to: number
}

/** Sums over the ordered pairs of sites (x, y) of a pass, and over its sites x with R = sum over y of d(x, y). */
export interface PairSums {
  /** Products of the centred ranks, x and y different. */
  rankProducts: number
  /** Products d_a d_b. */
  distanceProducts: number
  /** R_a, R_b and their products. */
  rowsA: number
  rowsB: number
  rowsAA: number
  rowsBB: number
  rowsAB: number
  /**
   * Expected share of common sites among the k nearest on both sides, summed over sites, at [k - 1] for k = 1 to
   * {@link MAX_OVERLAP}; ties at the k-th distance are broken at random, independently on both sides. 1 a site for k
   * above the number of other sites.
   */
  overlaps: Float64Array
}

/** Greatest k of {@link PairSums.overlaps}. */
export const MAX_OVERLAP = 50

/** Edges of a tree, in the order in which their rows joined it. */
export interface TreeEdges<Distances = Int32Array> {
  /** The end that was in the tree before. */
  from: Int32Array
  /** The row that joined. */
  to: Int32Array
  /** Mutual reachability distance: bits, or a Jaccard distance. */
  distances: Distances
}

/**
 * The minimum spanning tree of rows under the mutual reachability distance of HDBSCAN (Campello, Moulavi and Sander,
 * 2013): max(core of i, core of j, their distance). It grows from row 0 by Prim's rule. Of several nearest rows the
 * one of lowest index joins; its `from` is the row through which that distance was reached first. All backends give
 * the same edges.
 */
export interface SpanningTree<Distances = Int32Array> {
  /** Adds up to `edges` edges; stops by itself when every row has joined. */
  grow(edges: number): void
  /** The edges so far: rows - 1 when it is complete. */
  edges(): TreeEdges<Distances>
}

/** Distinct rows, numbered in order of first appearance. */
export interface GroupTable {
  /** Number of distinct rows so far. */
  readonly size: number
  /**
   * Adds rows of ceil(stride / 4) words and writes the group of each to `groups`. Exact: a match of hashes is
   * confirmed on the bits.
   *
   * @returns -1, or the first row whose hash equals that of a different row; the table is of no use afterwards
   */
  insert(words: Uint32Array, rows: number, groups: Int32Array): number
  /** The distinct rows: size x ceil(stride / 4) words, in memory of the caller's. */
  words(): Uint32Array
  /** Their hashes: size x 4 words. */
  hashes(): Uint32Array
  /** Rows added of each. */
  counts(): Uint32Array
}

/** What a backend offers. */
export interface Kernels {
  readonly name: 'wasm' | 'native' | 'cuda'
  /** Pairs x words of a task that takes 50 to 500 ms: progress is told and an abort heard between tasks. */
  readonly taskWork: number
  /** Query rows of a search at most: what stays near the processor while the base passes by. */
  readonly taskQueries: number
  /** Threads that may call at once to use the machine fully. */
  readonly threads: number
  /**
   * One pass over pre-activations (sites x units, float32): writes `codes` (sites x ceil(units / 8) bytes,
   * bit = pre > threshold) and `margins` (per site the least |pre - threshold|, a float32 difference; Infinity where
   * there are no units). Returns the sum of those differences, to 3e-7 of it and in no promised order: NaN or
   * Infinity exactly when some difference is.
   *
   * @param threshold a float32
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
  /** An empty table of rows of `stride` bytes; `seed` is that of their hashes. */
  groupTable(stride: number, seed: number): GroupTable
  /** Exact nearest rows by Hamming distance, ties by index. */
  nearest(task: NearestTask): NearestResult
  /** All rows within a Hamming distance. The answer may hold every pair: cut tasks for the worst case. */
  within(task: WithinTask): WithinResult
  /**
   * Unordered pairs of sites at each distance 0 … bits, whole numbers in float64: pairs inside a row at 0, pairs of
   * two rows (the second with the higher index) at the distance of the codes.
   */
  countDistances(task: DistanceCountTask): Float64Array
  /** The sums behind the kernel alignment, the rank correlation and the neighbour overlap of two partitions. */
  sumPairs(task: PairTask): PairSums
  /**
   * The tree under Hamming distances.
   * @param core core distance of each row, bits
   */
  spanningTree(rows: CodeRows, core: Int32Array): SpanningTree
  /**
   * The tree under Jaccard distances, 1 - |x and y| / |x or y| in float32, 0 for two rows without ones.
   * @param core core distance of each row
   */
  jaccardTree(rows: CodeRows, core: Float32Array): SpanningTree<Float32Array>
  /**
   * How often each bit is set, by runs of rows (the rows of a label, say).
   *
   * @param picks row numbers, run after run; a row may come several times
   * @param starts runs + 1: run i is picks[starts[i]] … picks[starts[i + 1] - 1]
   * @returns runs x bits
   */
  countBits(rows: CodeRows, picks: Int32Array, starts: Int32Array): Uint32Array
  /**
   * How often each bit differs between the rows picksA[i] of a and picksB[i] of b. Both sides have the same bits.
   * @returns one count a bit
   */
  countFlips(a: CodeRows, picksA: Int32Array, b: CodeRows, picksB: Int32Array): Uint32Array
  /**
   * Bits that two rows have in common, for all pairs: the ones of a_i AND b_j. Both sides have one width.
   * @returns a.rows x b.rows
   */
  countCommon(a: CodeRows, b: CodeRows): Int32Array
  /**
   * Sets in `differing` (ceil(stride / 4) words) every bit in which some of the rows is not `reference`.
   * @param words rows x ceil(stride / 4)
   */
  markDifferences(words: Uint32Array, rows: number, reference: Uint32Array, differing: Uint32Array): void
  /** Active bits of each row: rows x width words -> rows. */
  popcounts(words: Uint32Array, width: number, rows: number): Uint32Array
}
