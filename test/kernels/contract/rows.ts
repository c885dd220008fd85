// What every test of the contract needs: rows of any size as the kernels take them, and cuts of a task.
import fc from 'fast-check'
import { rowWords, shareRows, type CodeRows } from '#atlas/compute/kernels/index.js'
import { packBits, packRows, raggedBits, rowsOf, type Bits } from '../../support/reference.ts'

/** Rows for the kernels that take codes. */
export function share(rows: readonly Bits[], bitCount: number, mask?: Bits): Promise<CodeRows> {
  return shareRows(packRows(rows), rows.length, bitCount, mask && packBits(mask))
}

/** Rows for the kernels that take words: rows x ceil(stride / 4). */
export function wordsOf(rows: readonly Bits[], bitCount: number): Uint32Array {
  return rowWords(packRows(rows), Math.ceil(bitCount / 8), rows.length)
}

/** A bit count and two sets of rows of it. */
export const twoSets = raggedBits.chain((bitCount) =>
  fc.record({ bitCount: fc.constant(bitCount), a: rowsOf(bitCount), b: rowsOf(bitCount) }),
)

/** Bits for every bit of any row: a mask. */
export const mask = fc
  .array(fc.boolean(), { minLength: 8, maxLength: 8 })
  .map((pattern) => (bitCount: number) => Array.from({ length: bitCount }, (_, i) => pattern[i % 8]))

/** Toggles the bits of a mask in every row. */
export function toggle(rows: readonly Bits[], by: Bits): Bits[] {
  return rows.map((row) => row.map((bit, i) => bit !== by[i]))
}

/** Clears the bits outside a mask in every row. */
export function masked(rows: readonly Bits[], by: Bits): Bits[] {
  return rows.map((row) => row.map((bit, i) => bit && by[i]))
}

/** A share of a whole, from 0 to 1: where a task is cut. */
export const cut = fc.double({ min: 0, max: 1, noNaN: true })

/** The two tasks that a cut makes of `rows` rows. */
export function cutRows(rows: number, at: number): { from: number; to: number }[] {
  const middle = Math.floor(rows * at)
  return [
    { from: 0, to: middle },
    { from: middle, to: rows },
  ]
}

/** Rows in which a bit is set, for each bit. */
export function onesPerBit(rows: readonly Bits[], bitCount: number): number[] {
  return Array.from({ length: bitCount }, (_, bit) => rows.filter((row) => row[bit]).length)
}
