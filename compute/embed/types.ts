/** Distinct codes to draw in the plane, and how. */
export interface EmbedInput {
  /** Rows x ceil(bitCount / 8) bytes, zero after the last bit. */
  codes: Uint8Array
  bitCount: number
  /** Nearest rows of each that it is drawn near to; where there are fewer, all. */
  neighbors: number
  seed: number
}

/** How to run an embedding. */
export interface EmbedOptions {
  /** Called with steps done and all steps, `done` rising to `total`. */
  onProgress?(done: number, total: number): void
  /** Ends it: the promise rejects with the signal's reason. */
  signal?: AbortSignal
}

/** What each row is near to: a graph with both directions of every edge. */
export interface NearGraph {
  /** Rows + 1: the edges of row i are starts[i] … starts[i + 1] - 1. */
  starts: Int32Array
  /** Per edge: the other row. */
  ends: Int32Array
  /** Per edge: how near the two are, above 0 to 1. */
  weights: Float32Array
}
