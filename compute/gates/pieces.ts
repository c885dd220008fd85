/**
 * What a gate does, in pieces: the one description from which its bits, margins and exact geometry follow. Each
 * output element has a few affine pieces, and its bits name the one that holds.
 *
 * | gate                | bits, of a pre-activation x            | pieces, in ascending x         |
 * |---------------------|----------------------------------------|--------------------------------|
 * | Relu                | x > 0                                  | 0, x                           |
 * | LeakyRelu, PRelu    | x > 0                                  | slope x, x                     |
 * | ThresholdedRelu     | x > alpha                              | 0, x                           |
 * | Abs                 | x > 0                                  | -x, x                          |
 * | Clip                | x > low, x > high; those that are there| low, x, high                   |
 * | HardSigmoid         | where alpha x + beta passes 0 and 1    | 0, alpha x + beta, 1           |
 * | HardSwish           | x > -3, x > 3                          | 0, x (x + 3) / 6 (curved), x   |
 * | Sigmoid, Tanh, Gelu,|                                        |                                |
 * | Erf, Elu, Celu,     | x > 0                                  | smooth                         |
 * | Selu, Softplus, Mish|                                        |                                |
 * | Max(a, b)           | x > 0 with x = a - b                   | b + Relu(x)                    |
 * | Min(a, b)           | x > 0 with x = a - b                   | a - Relu(x)                    |
 * | MaxPool             | place of the winning entry, low first  | its entries                    |
 *
 * All up to Mish are {@link Steps} of one entry; Max and Min are Steps between an affine map before and one after;
 * MaxPool has {@link Windows}.
 */
export type GatePieces = Steps | Windows

/** Pieces along one pre-activation: bit i is set above thresholds[i]. */
export interface Steps {
  readonly kind: 'STEPS'
  /** Ascending, one a bit of each unit. Two that are the same make a piece that nothing reaches. */
  readonly thresholds: readonly number[]
  /** One more than thresholds: piece i holds above i of them. Of a smooth gate, null. */
  readonly pieces: readonly Piece[] | null
}

/** slope x + offset. */
export interface Piece {
  /** One for all elements of a sample, or one an element, in the order of memory. */
  readonly slope: number | Float64Array
  readonly offset: number
}

/**
 * Pieces by the winner of a window: the greatest entry, the first of equals. Entries outside of the tensor (padding)
 * never win.
 */
export interface Windows {
  readonly kind: 'WINDOWS'
  readonly units: number
  readonly positions: number
  /** Entries of a window. */
  readonly window: number
  /**
   * Positions x units x window: places in one sample of the pre-activation, -1 for padding. Row-major in a window, so
   * that a winner's number is its place there. Every unit has a plane of inputSize / units values, in which its entries
   * lie as the first unit's do.
   */
  readonly entries: Int32Array
  /** Elements of one sample of the pre-activation. */
  readonly inputSize: number
  /** Shape of one sample of the gate's output: units, then the axes of the positions. */
  readonly shape: readonly number[]
}

/** Bits that a gate gives each of its units. */
export function bitsPerUnit(gate: GatePieces): number {
  return gate.kind === 'STEPS' ? gate.thresholds.length : Math.ceil(Math.log2(gate.window))
}

/** Where an element of a windows' output, counted as its bits are (position, then unit), lies in memory. */
export function outputPlace({ units, positions }: Windows, element: number): number {
  return (element % units) * positions + Math.floor(element / units)
}
