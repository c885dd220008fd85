/**
 * Two codes of 256 bits with the same hash. MurmurHash3 is no cryptographic hash: every step of its loop can be
 * undone. Of two different first blocks, the second block of the one is chosen at will, and that of the other so
 * that both reach the same state.
 */
export function collidingCodes(): [Uint8Array, Uint8Array] {
  const multipliers = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93]
  const mixRotations = [15, 16, 17, 18]
  const stateRotations = [19, 17, 15, 13]
  const constants = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17]
  const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))
  const inverse = (odd: number): number => {
    let x = odd
    for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x))
    return x
  }
  const mix = (k: number, i: number): number =>
    Math.imul(rotate(Math.imul(k, multipliers[i]), mixRotations[i]), multipliers[(i + 1) % 4])
  const unmix = (m: number, i: number): number =>
    Math.imul(
      rotate(Math.imul(m, inverse(multipliers[(i + 1) % 4])), 32 - mixRotations[i]),
      inverse(multipliers[i]),
    )
  const absorb = (state: number[], block: number[]): number[] => {
    const h = [...state]
    for (let i = 0; i < 4; i++) {
      h[i] = rotate(h[i] ^ mix(block[i], i), stateRotations[i]) + h[(i + 1) % 4]
      h[i] = (Math.imul(h[i], 5) + constants[i]) | 0
    }
    return h
  }
  const blockBetween = (from: number[], to: number[]): number[] => {
    const h = [...from]
    return to.map((target, i) => {
      const sum = Math.imul(target - constants[i], inverse(5))
      const mixed = rotate((sum - h[(i + 1) % 4]) | 0, 32 - stateRotations[i]) ^ h[i]
      h[i] = target
      return unmix(mixed, i)
    })
  }
  const seed = [256, 256, 256, 256]
  const first = [1, 2, 3, 4]
  const second = [5, 6, 7, 8]
  const other = [9, 10, 11, 12]
  const meeting = absorb(absorb(seed, first), second)
  const bytes = (words: number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer)
  return [bytes([...first, ...second]), bytes([...other, ...blockBetween(absorb(seed, other), meeting)])]
}
