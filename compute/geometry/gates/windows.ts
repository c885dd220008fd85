import { bitsPerUnit, outputPlace, type Windows } from '../../gates/pieces.ts'
import type { Change, Flip, Gate } from './gate.ts'
import { leadersBetween, PADDING, winnerOf } from './leaders.ts'

/**
 * A gate of windows. Its guards are the pre-activation itself, the entries that windows share: where two of them are
 * equal, they are so in all windows.
 */
export interface WindowsGate extends Gate {
  readonly kind: 'WINDOWS'
  readonly windows: Windows
}

export function windowsGate(windows: Windows): WindowsGate {
  const { window, entries, inputSize } = windows
  const bits = bitsPerUnit(windows)
  const outputSize = entries.length / window
  const windowAt = (guards: Float64Array, row: number, element: number) =>
    windowOf(windows, guards.subarray(row * inputSize, (row + 1) * inputSize), element)
  return {
    kind: 'WINDOWS',
    windows,
    bitsPerUnit: bits,
    guardCount: inputSize,
    bitCount: outputSize * bits,
    outputSize,
    continuous: true,
    guards: (pre) => pre,
    apply(guards) {
      const rows = guards.length / inputSize
      const output = new Float64Array(rows * outputSize)
      for (let i = 0; i < output.length; i++) {
        const [row, element] = [Math.floor(i / outputSize), i % outputSize]
        const values = windowAt(guards, row, element)
        output[row * outputSize + outputPlace(windows, element)] = values[winnerOf(values)]
      }
      return output
    },
    changes(guards, from, to, only) {
      const changes: Change[] = []
      const end = only === undefined ? outputSize : only + 1
      for (let element = only ?? 0; element < end; element++) {
        const [first, second] = [windowAt(guards, from, element), windowAt(guards, to, element)]
        const put = (atFirst: boolean, entry: number, value: number) => {
          guards[(atFirst ? from : to) * inputSize + entries[element * window + entry]] = value
        }
        leadersBetween(first, second, element, changes, put)
      }
      return changes.sort((x, y) => x.fraction - y.fraction || x.element - y.element)
    },
    settle(guards, row, at, changes) {
      settle(windows, guards.subarray(row * inputSize, (row + 1) * inputSize), at, changes)
    },
    toCode: (code) => code,
    bitsAt(guards, row) {
      const code = new Uint8Array(outputSize * bits)
      for (let element = 0; element < outputSize; element++) {
        writeWinner(code, element * bits, bits, winnerOf(windowAt(guards, row, element)))
      }
      return code
    },
    flipsAt(guards, row) {
      const flips: Flip[] = []
      if (row === 0 || (row + 1) * inputSize === guards.length) return flips
      for (let element = 0; element < outputSize; element++) {
        const [before, here, after] = [-1, 0, 1].map((step) => windowAt(guards, row + step, element))
        addFlips(flips, element * bits, winnerOf(before, here), winnerOf(here, after))
      }
      return flips
    },
    guardFunction: (pre) => pre,
    applyPiece: (images, code) => winnersOf(images, windows, code),
  }
}

/** The entries of a window, from a row of guards. */
export function windowOf({ window, entries }: Windows, row: Float64Array, element: number): Float64Array {
  const values = new Float64Array(window)
  for (let i = 0; i < window; i++) {
    const entry = entries[element * window + i]
    values[i] = entry < 0 ? PADDING : row[entry]
  }
  return values
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
function settle(windows: Windows, row: Float64Array, at: number, changes: readonly Change[]): void {
  const leaders = new Map<number, number[]>()
  for (const { element, fraction, before, after } of changes) {
    const known = leaders.get(element)
    if (fraction < at) leaders.set(element, [after])
    else if (fraction === at) leaders.set(element, [...(known ?? [before]), after])
    else if (known === undefined) leaders.set(element, [before])
  }
  for (const [element, [first, ...others]] of leaders) {
    const place = (entry: number) => windows.entries[element * windows.window + entry]
    // The value of the first stays, since it may be equal to further entries.
    for (const entry of others) row[place(entry)] = row[place(first)]
    if (others.length > 0) continue
    const values = windowOf(windows, row, element)
    row[place(first)] = values[winnerOf(values)]
  }
}
