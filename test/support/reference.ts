// The codes, spans and searches of compute/, written to be obviously right: one array element a bit, no packing.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { NearestResult } from '#atlas/compute/kernels/index.js'

/** One element a bit. */
export type Bits = readonly boolean[]

/** Sizes around the edges of bytes, words and kernel blocks. */
export const RAGGED_BITS = [0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 257, 1023]

export const raggedBits = fc.constantFrom(...RAGGED_BITS)

/** Rows of one bit count, drawn from a few patterns so that equal and near rows are common. */
export function rowsOf(bitCount: number, minLength = 0, maxLength = 40): fc.Arbitrary<Bits[]> {
  const row = fc.array(fc.boolean(), { minLength: bitCount, maxLength: bitCount })
  return fc
    .tuple(fc.array(row, { minLength: 1, maxLength: 6 }), fc.nat({ max: 3 }))
    .chain(([patterns, flips]) =>
      fc.array(
        fc
          .tuple(fc.constantFrom(...patterns), fc.array(fc.nat({ max: 2047 }), { maxLength: flips }))
          .map(([pattern, at]) => pattern.map((bit, i) => bit !== at.includes(i))),
        { minLength, maxLength },
      ),
    )
}

/** A bit count and rows of it. */
export function raggedRows(minLength = 0, maxLength = 40): fc.Arbitrary<{ bitCount: number; rows: Bits[] }> {
  return raggedBits.chain((bitCount) =>
    rowsOf(bitCount, minLength, maxLength).map((rows) => ({ bitCount, rows })),
  )
}

/** Deterministic pseudo-random rows (mulberry32), for sizes that fast-check is too slow for. */
export function randomRows(count: number, bitCount: number, seed: number): Bits[] {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return Array.from({ length: count }, () => Array.from({ length: bitCount }, () => next() < 0.5))
}

/** Bits to bytes, bit 0 lowest in byte 0. */
export function packBits(bits: Bits): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8))
  bits.forEach((bit, i) => {
    if (bit) bytes[Math.floor(i / 8)] += 2 ** (i % 8)
  })
  return bytes
}

/** Rows of equal length to one array of packed rows. */
export function packRows(rows: readonly Bits[]): Uint8Array {
  return Uint8Array.from(rows.flatMap((row) => [...packBits(row)]))
}

/** `0110…`, the key under which equal rows are equal. */
export function text(bits: Bits): string {
  return bits.map((bit) => (bit ? '1' : '0')).join('')
}

/** Number of bits in which two rows differ. */
export function hamming(a: Bits, b: Bits): number {
  return a.filter((bit, i) => bit !== b[i]).length
}

/** Nearest rows by a full sort on (distance, index). */
export function nearest(
  queries: readonly Bits[],
  base: readonly Bits[],
  k: number,
  { self = false, maxDistance = Infinity } = {},
): { index: number; distance: number }[][] {
  return queries.map((query, i) =>
    base
      .map((row, index) => ({ index, distance: hamming(query, row) }))
      .filter(({ index, distance }) => distance <= maxDistance && !(self && index === i))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, k),
  )
}

/** A result as the reference writes it; whatever was not found is -1. */
export function asLists({ counts, indices, distances }: NearestResult, k: number) {
  return Array.from(counts, (count, query) => {
    const row = Array.from({ length: k }, (_, i) => ({
      index: indices[query * k + i],
      distance: distances[query * k + i],
    }))
    expect(row.slice(count)).toEqual(row.slice(count).map(() => ({ index: -1, distance: -1 })))
    return row.slice(0, count)
  })
}

/** Group of each row, numbered by first appearance. */
export function group(rows: readonly Bits[]): number[] {
  const distinct = [...new Set(rows.map(text))]
  return rows.map((row) => distinct.indexOf(text(row)))
}
