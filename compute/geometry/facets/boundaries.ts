import { readWinner } from '../gates/index.ts'
import type { GuardFunction, LocalMap } from '../localMap.ts'
import type { Bound } from './halfSpaces.ts'
import { lengthOf } from './vectors.ts'

/** Coefficients this much smaller than the longest are zero to rounding. */
const ZERO = 1e-13

/** An affine function whose sign is constant in a region. */
export interface Boundary {
  bound: Bound & { kind: 'UNIT' }
  normal: Float64Array
  length: number
  /** Its value at the base point. */
  atBase: number
  /** Its sign in the region. */
  inside: 1 | -1
  /** Whether it is nowhere 0 in the region. */
  open: boolean
}

/**
 * All functions that bound a region: of steps the guards, of windows what the winner leads every other entry by.
 *
 * @param bits the region's code
 */
export function boundaries({ guards, dimension }: LocalMap, bits: Uint8Array): Boundary[] {
  const found: Boundary[] = []
  let bit = 0
  guards.forEach((functions, layer) => {
    const ofLayer = { functions, layer, dimension, bits, firstBit: bit }
    found.push(...(functions.windows ? ofWindows(ofLayer) : ofSteps(ofLayer)))
    const { windows, bitsPerUnit, value } = functions
    bit += windows ? windows.units * windows.positions * bitsPerUnit : value.length
  })
  return found
}

/** The length of coefficients up to which a boundary does not depend on the point: they are zero to rounding. */
export function zeroLength(functions: readonly Boundary[]): number {
  return ZERO * functions.reduce((most, { length }) => Math.max(most, length), 0)
}

interface OfLayer {
  functions: GuardFunction
  layer: number
  dimension: number
  bits: Uint8Array
  /** Of the layer, in the code. */
  firstBit: number
}

function ofSteps({ functions, layer, dimension, bits, firstBit }: OfLayer): Boundary[] {
  const { matrix, value, bitsPerUnit } = functions
  return Array.from(value, (atBase, guard) => {
    const bit = firstBit + guard
    const normal = matrix.subarray(guard * dimension, (guard + 1) * dimension)
    const isSet = bits[bit] === 1
    return {
      bound: { kind: 'UNIT', layer, index: Math.floor(guard / bitsPerUnit), bits: [bit] },
      normal,
      length: lengthOf(normal),
      atBase,
      inside: isSet ? 1 : -1,
      open: isSet,
    }
  })
}

function ofWindows({ functions, layer, dimension, bits, firstBit }: OfLayer): Boundary[] {
  const { matrix, value, bitsPerUnit, windows } = functions
  if (!windows) return []
  const { window, entries } = windows
  const found: Boundary[] = []
  for (let index = 0; index * window < entries.length; index++) {
    const bit = firstBit + index * bitsPerUnit
    const winner = readWinner(bits, bit, bitsPerUnit)
    const own = entries[index * window + winner]
    for (let entry = 0; entry < window; entry++) {
      const other = entries[index * window + entry]
      if (entry === winner || other < 0) continue
      const normal = matrix.slice(own * dimension, (own + 1) * dimension)
      for (let i = 0; i < dimension; i++) normal[i] -= matrix[other * dimension + i]
      found.push({
        bound: { kind: 'UNIT', layer, index, bits: differing(winner, entry, bit) },
        normal,
        length: lengthOf(normal),
        atBase: value[own] - value[other],
        inside: 1,
        // The first of equals wins.
        open: entry < winner,
      })
    }
  }
  return found
}

/** The bits, from a place on, in which two numbers differ. */
function differing(a: number, b: number, place: number): number[] {
  const bits: number[] = []
  for (let rest = a ^ b, bit = place; rest > 0; rest >>>= 1, bit++) if (rest & 1) bits.push(bit)
  return bits
}

/**
 * One bound a unit of those that share a half-space. Of the entries of one window the first wins beyond; of equal
 * thresholds, all bits change.
 *
 * @param bounds of one half-space, in the order of `boundaries`
 */
export function joinUnits(guards: readonly GuardFunction[], bounds: readonly Bound[]): Bound[] {
  const units = new Map<string, Bound & { kind: 'UNIT' }>()
  const joined: Bound[] = []
  for (const bound of bounds) {
    const key = bound.kind === 'UNIT' ? `${bound.layer}/${bound.index}` : ''
    const known = units.get(key)
    if (bound.kind === 'UNIT' && known) {
      if (!guards[bound.layer].windows) known.bits.push(...bound.bits)
      continue
    }
    if (bound.kind === 'UNIT') units.set(key, bound)
    joined.push(bound)
  }
  return joined
}
