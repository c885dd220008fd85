import type { Piece, Steps } from '../../gates/pieces.ts'
import type { AffineFunction } from '../localMap.ts'
import type { Change, Flip, Gate } from './gate.ts'

type ExactSteps = Steps & { readonly pieces: readonly Piece[] }

/** A gate of steps. Guard i of an element is x - thresholds[i]: one a bit. Elements are in the order of memory. */
export interface StepsGate extends Gate {
  readonly kind: 'STEPS'
}

/**
 * Steps for pre-activations of one sample.
 * @param elements the element of each unit, in the order of the code
 */
export function stepsGate({ thresholds, pieces }: ExactSteps, elements: Int32Array): StepsGate {
  const size = elements.length
  const bits = thresholds.length
  const guardCount = bits * size
  const guardOfBit = guardsByBit(elements, bits)
  const bitOfGuard = new Int32Array(guardCount)
  guardOfBit.forEach((guard, bit) => (bitOfGuard[guard] = bit))
  // Of a slice every polygon asks for its code.
  const inOrder = guardOfBit.every((guard, bit) => guard === bit)
  const rows = (guards: Float64Array) => guards.length / guardCount
  return {
    kind: 'STEPS',
    bitsPerUnit: bits,
    guardCount,
    bitCount: guardCount,
    outputSize: size,
    continuous: isContinuous(thresholds, pieces),
    guards: (pre) => guardsOf(pre, thresholds),
    apply: outputOf(thresholds, pieces, size),
    changes: (guards, from, to, only) => signChanges(guards, guardCount, from, to, only),
    settle: (guards, row, at, changes) => keepSigns(guards, guardCount, row, at, changes),
    toCode: inOrder ? (signs) => signs : (signs) => signs.map((_, bit) => signs[guardOfBit[bit]]),
    bitsAt(guards, row) {
      const code = new Uint8Array(guardCount)
      const first = row * guardCount
      for (let bit = 0; bit < guardCount; bit++) if (guards[first + guardOfBit[bit]] > 0) code[bit] = 1
      return code
    },
    flipsAt(guards, row) {
      // Signs change at zeros alone: see signChanges.
      const flips: Flip[] = []
      if (row === 0 || row + 1 === rows(guards)) return flips
      const first = row * guardCount
      const end = first + guardCount
      for (let at = first; at < end; at++) {
        // Zeros are few: four guards a branch take less than half of the time.
        while (at + 4 < end && guards[at] * guards[at + 1] * guards[at + 2] * guards[at + 3] !== 0) at += 4
        if (guards[at] !== 0) continue
        const turnsOn = guards[at + guardCount] > 0
        if (turnsOn !== guards[at - guardCount] > 0) flips.push({ bit: bitOfGuard[at - first], turnsOn })
      }
      return flips
    },
    guardFunction: (pre) => guardFunctions(pre, thresholds, elements),
    applyPiece(images, code) {
      elements.forEach((i, unit) => {
        let piece = 0
        for (let bit = unit * bits; bit < (unit + 1) * bits; bit++) piece += code[bit]
        const { slope, offset } = pieces[piece]
        const factor = typeof slope === 'number' ? slope : slope[i]
        if (factor !== 1) for (let at = i; at < images.length; at += size) images[at] *= factor
        images[i] += offset
      })
      return images
    },
  }
}

/** Whether neighbouring pieces meet at their threshold, to rounding. */
function isContinuous(thresholds: readonly number[], pieces: readonly Piece[]): boolean {
  return thresholds.every((threshold, i) => {
    const [below, above] = [pieces[i], pieces[i + 1]]
    const slopes = [below, above].map(({ slope }) => (typeof slope === 'number' ? [slope] : [...slope]))
    const size = Math.max(
      ...slopes.flat().map((slope) => Math.abs(slope * threshold)),
      Math.abs(below.offset),
    )
    return slopes[0].every((slope, j) => {
      const other = slopes[1][slopes[1].length === 1 ? 0 : j]
      const jump = slope * threshold + below.offset - (other * threshold + above.offset)
      return Math.abs(jump) <= 1e-12 * size
    })
  })
}

function guardsOf(pre: Float64Array, thresholds: readonly number[]): Float64Array {
  if (thresholds.length === 1) {
    const [threshold] = thresholds
    if (threshold !== 0) for (let i = 0; i < pre.length; i++) pre[i] -= threshold
    return pre
  }
  const guards = new Float64Array(pre.length * thresholds.length)
  let at = 0
  for (const value of pre) for (const threshold of thresholds) guards[at++] = value - threshold
  return guards
}

/** The guard of each bit of the code. */
function guardsByBit(elements: Int32Array, bits: number): Int32Array {
  if (bits === 1) return elements
  return Int32Array.from(
    { length: elements.length * bits },
    (_, bit) => elements[Math.floor(bit / bits)] * bits + (bit % bits),
  )
}

/** One row a bit of the code. */
function guardFunctions(
  { matrix, value }: AffineFunction,
  thresholds: readonly number[],
  elements: Int32Array,
): AffineFunction {
  const count = thresholds.length
  const dimension = matrix.length / value.length
  const rows = new Float64Array(matrix.length * count)
  const values = new Float64Array(value.length * count)
  for (let bit = 0; bit < values.length; bit++) {
    const element = elements[Math.floor(bit / count)]
    rows.set(matrix.subarray(element * dimension, (element + 1) * dimension), bit * dimension)
    values[bit] = value[element] - thresholds[bit % count]
  }
  return { matrix: rows, value: values }
}

/**
 * The output from guards. Piece i is slope g + value with g the guard of the threshold below it (above it, for the
 * first) and value what it has there, so that a guard of 0 gives the boundary's value exactly.
 */
function outputOf(thresholds: readonly number[], pieces: readonly Piece[], size: number): Gate['apply'] {
  const [{ slope }, above] = pieces
  const relu = pieces.length === 2 && thresholds[0] === 0 && above.slope === 1
  if (relu && typeof slope === 'number' && pieces[0].offset === 0 && above.offset === 0) {
    // The parts above 0 and below it, one of which is 0: exact, and without a branch, which would be guessed wrong half
    // of the time (4 to 6 ns instead of 1, also that inside of Math.max).
    return (values) => {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]
        const size = Math.abs(value)
        values[i] = 0.5 * (value + size) + slope * (0.5 * (value - size))
      }
      return values
    }
  }
  const bits = thresholds.length
  const tables = pieces.map((piece, i) => {
    const threshold = thresholds[Math.max(0, i - 1)]
    const slopes = typeof piece.slope === 'number' ? new Float64Array(size).fill(piece.slope) : piece.slope
    return { slopes, values: slopes.map((factor) => factor * threshold + piece.offset) }
  })
  return (guards) => {
    const output = bits === 1 ? guards : new Float64Array(guards.length / bits)
    for (let i = 0; i < output.length; i++) {
      const first = i * bits
      let piece = 0
      while (piece < bits && guards[first + piece] > 0) piece++
      const { slopes, values } = tables[piece]
      const element = i % size
      output[i] = slopes[element] * guards[first + Math.max(0, piece - 1)] + values[element]
    }
    return output
  }
}

function signChanges(values: Float64Array, size: number, from: number, to: number, only?: number): Change[] {
  const changes: Change[] = []
  const end = only === undefined ? size : only + 1
  for (let element = only ?? 0; element < end; element++) {
    const a = values[from * size + element]
    const b = values[to * size + element]
    // Mostly both have one sign: a branch that is guessed right, before those that are not.
    if (a * b > 0) continue
    if (!(a > 0 && b < 0) && !(a < 0 && b > 0)) continue
    const fraction = a / (a - b)
    if (fraction <= 0) values[from * size + element] = 0
    else if (fraction >= 1) values[to * size + element] = 0
    else changes.push({ element, fraction, before: Number(a > 0), after: Number(b > 0) })
  }
  return changes.length < 2
    ? changes
    : changes.sort((x, y) => x.fraction - y.fraction || x.element - y.element)
}

/** Gives the guards that change the sign that they must have in a row: 0 where they do. */
function keepSigns(
  values: Float64Array,
  size: number,
  row: number,
  at: number,
  changes: readonly Change[],
): void {
  for (const { element, fraction, before, after } of changes) {
    const i = row * size + element
    const positive = (fraction > at ? before : after) === 1
    if (fraction === at || (positive ? values[i] < 0 : values[i] > 0)) values[i] = 0
  }
}
