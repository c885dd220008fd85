import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom, shuffle, xoshiro128 } from '#atlas/examples/training/prng.js'

const mask = 0xffffffffn
const rotate = (word: bigint, bits: bigint) => ((word << bits) | (word >> (32n - bits))) & mask

/** The C reference of xoshiro128** transcribed to big integers. */
function reference(seed: readonly number[], count: number): number[] {
  const s = seed.map(BigInt)
  return Array.from({ length: count }, () => {
    const result = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask
    const t = (s[1] << 9n) & mask
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotate(s[3], 11n)
    return Number(result)
  })
}

describe('xoshiro128**', () => {
  it('begins as worked out by hand from the state 1, 2, 3, 4', () => {
    const random = xoshiro128(Uint32Array.of(1, 2, 3, 4))
    expect([random(), random()].map((value) => value * 2 ** 32)).toEqual([11520, 0])
  })

  it('agrees with the reference in big integers', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (seed) => {
        const random = xoshiro128(Uint32Array.from(seed))
        expect(Array.from({ length: 50 }, () => random() * 2 ** 32)).toEqual(reference(seed, 50))
      }),
    )
  })
})

describe('seededRandom', () => {
  it('repeats for one seed and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 8 }, seededRandom(seed))
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })
})

describe('shuffle', () => {
  it('keeps every item', () => {
    fc.assert(
      fc.property(fc.uint32Array(), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (items, seed) => {
        const shuffled = items.slice()
        shuffle(shuffled, seededRandom(seed))
        expect(shuffled.sort()).toEqual(items.slice().sort())
      }),
    )
  })

  it('gives each of the 6 orders of 3 items its share', () => {
    const random = seededRandom(7)
    const counts = new Map<string, number>()
    for (let round = 0; round < 6000; round++) {
      const items = Uint32Array.of(0, 1, 2)
      shuffle(items, random)
      counts.set(items.join(), (counts.get(items.join()) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // 1000 expected, standard deviation 29; an off-by-one in the bound would give 0 or 2000 somewhere.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
