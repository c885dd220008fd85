/**
 * A generator of uniform whole numbers below a bound: xoshiro128** (Blackman and Vigna, 2018), its state filled
 * from the seed by SplitMix32. Equal seeds give equal sequences on every machine.
 *
 * @param seed taken modulo 2^32
 * @returns a function of the bound (1 to 2^32) that returns 0 … bound - 1, without modulo bias
 */
export function randomBelow(seed: number): (bound: number) => number {
  const next = randomWords(seed)
  return (bound) => {
    const limit = 2 ** 32 - (2 ** 32 % bound)
    let value = next()
    while (value >= limit) value = next()
    return value % bound
  }
}

/**
 * The 32-bit words of a seeded generator: xoshiro128** as in {@link randomBelow}.
 *
 * @param seed taken modulo 2^32
 */
export function randomWords(seed: number): () => number {
  return xoshiro128(fillState(seed))
}

/**
 * A random permutation of 0 … length - 1 (Fisher and Yates), each of them equally likely.
 *
 * @param below see {@link randomBelow}
 */
export function permutation(length: number, below: (bound: number) => number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = below(i + 1)
    const kept = order[i]
    order[i] = order[j]
    order[j] = kept
  }
  return order
}

/**
 * The generator itself.
 *
 * @param state four words, not all zero; advanced with every call
 * @returns a function that returns the next 32 bits
 */
export function xoshiro128(state: Uint32Array): () => number {
  return () => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0
    const shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], 11)
    return result
  }
}

function fillState(seed: number): Uint32Array {
  let mix = seed | 0
  return Uint32Array.from({ length: 4 }, () => {
    mix = (mix + 0x9e3779b9) | 0
    let word = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
    return word ^ (word >>> 16)
  })
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
