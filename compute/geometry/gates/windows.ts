import { bitsPerUnit, outputPlace, type Windows } from '../../gates/pieces.ts'
import type { AffineFunction } from '../localMap.ts'
import type { Change, Flip, Gate } from './gate.ts'
import { leadersBetween, PADDING, winnerOf } from './leaders.ts'

/** A gate of windows. Its guards are the windows' entries, each window with entries of its own. */
export interface WindowsGate extends Gate {
  readonly kind: 'WINDOWS'
  readonly windows: Windows
}

export function windowsGate(windows: Windows): WindowsGate {
  const { window, entries } = windows
  const bits = bitsPerUnit(windows)
  const guardCount = entries.length
  const outputSize = guardCount / window
  const windowAt = (guards: Float64Array, row: number, element: number) => {
    const start = row * guardCount + element * window
    return guards.subarray(start, start + window)
  }
  return {
    kind: 'WINDOWS',
    windows,
    bitsPerUnit: bits,
    guardCount,
    bitCount: outputSize * bits,
    outputSize,
    continuous: true,
    guards: (pre) => spread(pre, windows),
    apply(guards) {
      const output = new Float64Array(guards.length / window)
      for (let i = 0; i < output.length; i++) {
        const row = Math.floor(i / outputSize)
        const place = row * outputSize + outputPlace(windows, i % outputSize)
        output[place] = guards.subarray(i * window, (i + 1) * window).reduce((a, b) => Math.max(a, b))
      }
      return output
    },
    changes(guards, from, to, only) {
      const changes: Change[] = []
      const end = only === undefined ? outputSize : only + 1
      for (let element = only ?? 0; element < end; element++) {
        leadersBetween(windowAt(guards, from, element), windowAt(guards, to, element), element, changes)
      }
      return changes.sort((x, y) => x.fraction - y.fraction || x.element - y.element)
    },
    settle: (guards, row, at, changes) => settle(changes, at, (element) => windowAt(guards, row, element)),
    bitsAt(guards, row) {
      const code = new Uint8Array(outputSize * bits)
      for (let element = 0; element < outputSize; element++) {
        writeWinner(code, element * bits, bits, winnerOf(windowAt(guards, row, element)))
      }
      return code
    },
    flipsAt(guards, row) {
      const flips: Flip[] = []
      if (row === 0 || (row + 1) * guardCount === guards.length) return flips
      for (let element = 0; element < outputSize; element++) {
        const [before, here, after] = [-1, 0, 1].map((step) => windowAt(guards, row + step, element))
        addFlips(flips, element * bits, winnerOf(before, here), winnerOf(here, after))
      }
      return flips
    },
    guardFunction: (pre) => gathered(pre, entries),
    applyPiece: (images, code) => winnersOf(images, windows, code),
  }
}

/** The entries of every window, of rows of pre-activations. */
function spread(pre: Float64Array, { entries, inputSize }: Windows): Float64Array {
  const rows = pre.length / inputSize
  const guards = new Float64Array(rows * entries.length)
  for (let row = 0, at = 0; row < rows; row++) {
    for (const entry of entries) guards[at++] = entry < 0 ? PADDING : pre[row * inputSize + entry]
  }
  return guards
}

/** The entries that a code names, of rows of pre-activations. */
function winnersOf(images: Float64Array, windows: Windows, code: Uint8Array): Float64Array {
  const { window, entries, inputSize } = windows
  const bits = bitsPerUnit(windows)
  const rows = images.length / inputSize
  const outputSize = entries.length / window
  const output = new Float64Array(rows * outputSize)
  for (let element = 0; element < outputSize; element++) {
    const winner = readWinner(code, element * bits, bits)
    const entry = winner < window ? entries[element * window + winner] : -1
    if (entry < 0) throw new RangeError(`No entry ${winner} in window ${element}`)
    const place = outputPlace(windows, element)
    for (let row = 0; row < rows; row++) output[row * outputSize + place] = images[row * inputSize + entry]
  }
  return output
}

/** Adds the bits, from a place on, in which the numbers of two winners differ. */
function addFlips(flips: Flip[], place: number, before: number, after: number): void {
  for (let rest = before ^ after, bit = 0; rest > 0; rest >>>= 1, bit++) {
    if (rest & 1) flips.push({ bit: place + bit, turnsOn: ((after >>> bit) & 1) === 1 })
  }
}

/** Writes a winner's number into the bits of its window. */
export function writeWinner(code: Uint8Array, at: number, bits: number, winner: number): void {
  for (let bit = 0; bit < bits; bit++) code[at + bit] = (winner >>> bit) & 1
}

/** The winner's number that the bits of a window say. */
export function readWinner(code: Uint8Array, at: number, bits: number): number {
  let winner = 0
  for (let bit = 0; bit < bits; bit++) winner |= code[at + bit] << bit
  return winner
}

/** Makes the leaders at a place lead there: those that change at it are equal. */
function settle(changes: readonly Change[], at: number, windowAt: (element: number) => Float64Array): void {
  const leaders = new Map<number, number[]>()
  for (const { element, fraction, before, after } of changes) {
    const known = leaders.get(element)
    if (fraction < at) leaders.set(element, [after])
    else if (fraction === at) leaders.set(element, [...(known ?? [before]), after])
    else if (known === undefined) leaders.set(element, [before])
  }
  for (const [element, entries] of leaders) {
    const values = windowAt(element)
    const greatest = values.reduce((a, b) => Math.max(a, b))
    for (const entry of entries) values[entry] = greatest
  }
}

/** Rows of entries, those of padding left at 0. */
function gathered({ matrix, value }: AffineFunction, entries: Int32Array): AffineFunction {
  const dimension = matrix.length / value.length
  const rows = new Float64Array(entries.length * dimension)
  entries.forEach((entry, row) => {
    if (entry < 0) return
    rows.set(matrix.subarray(entry * dimension, (entry + 1) * dimension), row * dimension)
  })
  return {
    matrix: rows,
    value: Float64Array.from(entries, (entry) => (entry < 0 ? PADDING : value[entry])),
  }
}
