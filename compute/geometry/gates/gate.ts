import type { AffineFunction } from '../localMap.ts'

/** A place between two rows of guards where a piece of the gate changes. */
export interface Change {
  /** Element of the gate: a guard of steps, a window. */
  element: number
  /** Where, from 0 at the first row to 1 at the second, both excluded. */
  fraction: number
  /** What holds before and after: 0 below a threshold and 1 above it; of a window, the winning entry. */
  before: number
  after: number
}

/** A bit of a code that changes, by its place in the layer. */
export interface Flip {
  bit: number
  turnsOn: boolean
}

/**
 * A gate in float64, on many rows. Its *guards* are affine functions of the pre-activation that decide its pieces:
 * steps have one a bit, positive where the bit is set; windows have the entries that they share.
 *
 * Guards are in the order of memory, codes in that of position, then unit. Rows of guards may be points between which all guards
 * are affine; `changes` and `settle` keep the rows at the places where a piece changes exactly on the boundary.
 */
export interface Gate {
  readonly bitsPerUnit: number
  /** Guards of a row. */
  readonly guardCount: number
  /** Bits of a row. */
  readonly bitCount: number
  /** Values of a row of the output. */
  readonly outputSize: number
  /** False where the output jumps at a boundary. */
  readonly continuous: boolean
  /** The guards of rows of pre-activations, whose memory they may take over. */
  guards(pre: Float64Array): Float64Array
  /** The output of rows of guards, whose memory it may take over. */
  apply(guards: Float64Array): Float64Array
  /**
   * The changes between two rows, by place, ties by element. A change so near a row that its place rounds to the
   * row's moves the boundary to that row instead.
   *
   * @param element the only one to look at; all where it is left out
   */
  changes(guards: Float64Array, from: number, to: number, element?: number): Change[]
  /** Makes a row at a fraction of the way say what the changes on that way say; rounding may have left another. */
  settle(guards: Float64Array, row: number, at: number, changes: readonly Change[]): void
  /** The code from the signs of a row's guards, for steps; for windows, whose guards have no signs, the code itself. */
  toCode(signs: Uint8Array): Uint8Array
  /** The bits at a row. */
  bitsAt(guards: Float64Array, row: number): Uint8Array
  /** The bits that change at a row, from the side of the row before to that of the row after. */
  flipsAt(guards: Float64Array, row: number): Flip[]
  /** The guards as functions, from the pre-activation as one. */
  guardFunction(pre: AffineFunction): AffineFunction
  /**
   * The output of the piece that a code names.
   * @param images rows of pre-activations: the first of a point, the others of directions, without offset
   */
  applyPiece(images: Float64Array, bits: Uint8Array): Float64Array
}

/** The distinct places of sorted changes. */
export function placesOf(changes: readonly Change[]): number[] {
  return changes.flatMap(({ fraction }, i) =>
    i > 0 && fraction === changes[i - 1].fraction ? [] : [fraction],
  )
}
