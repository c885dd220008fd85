import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowWords } from '#atlas/compute/kernels/index.js'
import { randomRows } from '../../support/reference.ts'
import { backends } from './backends.ts'
import { wordsOf } from './rows.ts'

describe.each(backends)('hash128 of $name', (kernels) => {
  const hash = (key: Uint8Array, seed: number): Uint8Array =>
    new Uint8Array(kernels.hash128(rowWords(key, key.length, 1), key.length, 1, seed).buffer)

  // SMHasher's VerificationTest: hash the keys (), (0), (0, 1), … (0 … 254) with the seeds 256, 255, … 1, hash the
  // 256 hashes with seed 0, and read the first four bytes as a little-endian word.
  test('has the verification value of MurmurHash3_x86_128', () => {
    const key = Uint8Array.from({ length: 256 }, (_, i) => i)
    const all = new Uint8Array(256 * 16)
    for (let length = 0; length < 256; length++) {
      all.set(hash(key.subarray(0, length), 256 - length), length * 16)
    }
    expect(new DataView(hash(all, 0).buffer).getUint32(0, true)).toBe(0xb3ece62a)
  })

  test('hashes each row alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom(0, 1, 2, 7),
        fc.nat(),
        (stride, rows, seed) => {
          const width = Math.ceil(stride / 4)
          const words = wordsOf(randomRows(rows, stride * 8, seed), stride * 8)
          const hashes = kernels.hash128(words, stride, rows, seed)
          const alone = Array.from({ length: rows }, (_, row) => [
            ...kernels.hash128(words.slice(row * width, (row + 1) * width), stride, 1, seed),
          ])
          expect([...hashes]).toEqual(alone.flat())
        },
      ),
    )
  })

  test('10,000 rows, and rows of 64,000 bits, each alone', () => {
    for (const [rows, bits] of [
      [10_000, 72],
      [3, 64_000],
    ]) {
      const words = wordsOf(randomRows(rows, bits, 1), bits)
      const width = Math.ceil(bits / 32)
      const hashes = kernels.hash128(words, bits / 8, rows, bits)
      const last = kernels.hash128(words.slice(-width), bits / 8, 1, bits)
      expect(hashes).toHaveLength(rows * 4)
      expect(hashes.slice(-4)).toEqual(last)
    }
  })
})
