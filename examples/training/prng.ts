/** A source of pseudo-random numbers: each call gives the next one, uniform in [0, 1), a multiple of 2^-32. */
export type Random = () => number

/** The sequence of `seed`, an unsigned 32-bit integer: xoshiro128** with a state filled by SplitMix32. */
export function seededRandom(seed: number): Random {
  const next = splitMix32(seed)
  return xoshiro128(Uint32Array.of(next(), next(), next(), next()))
}

/**
 * xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021) from a state of four
 * words, not all 0, which it goes on to change. Integer arithmetic only, hence the same on every machine.
 */
export function xoshiro128(state: Uint32Array): Random {
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0
    const shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotateLeft(state[3], 11)
    return result / 2 ** 32
  }
}

/** Puts `items` in a random order, in place (Fisher-Yates). */
export function shuffle(items: Uint32Array, random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const held = items[last]
    items[last] = items[other]
    items[other] = held
  }
}

function splitMix32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return mixed ^ (mixed >>> 16)
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
