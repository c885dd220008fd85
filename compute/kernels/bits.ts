/** Byte runs from this length on are copied by the engine's memory move; below, a plain loop is faster. */
const LONG_RUN = 64

/**
 * Copies one run of bits to any bit offset. The source starts on a byte and has zeros after its last bit; the
 * target's bits are zero before (they are OR-ed, so that runs can meet inside a byte).
 *
 * @param bits length of the run
 * @param from first byte of the run in `source`
 * @param at first bit of the run in `target`
 */
export function copyBits(
  source: Uint8Array,
  from: number,
  bits: number,
  target: Uint8Array,
  at: number,
): void {
  const bytes = Math.ceil(bits / 8)
  const shift = at % 8
  const to = (at - shift) / 8
  if (shift === 0) {
    if (bytes >= LONG_RUN) target.set(source.subarray(from, from + bytes), to)
    else for (let i = 0; i < bytes; i++) target[to + i] = source[from + i]
    return
  }
  const touched = Math.ceil((shift + bits) / 8)
  let carry = target[to]
  for (let i = 0; i < bytes; i++) {
    const value = carry | (source[from + i] << shift)
    target[to + i] = value
    carry = value >>> 8
  }
  if (touched > bytes) target[to + bytes] = carry
}

/** Active bits of each row. See {@link Kernels.popcounts}. */
export function popcounts(words: Uint32Array, width: number, rows: number): Uint32Array {
  const counts = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * width
    let count = 0
    for (let i = row * width; i < end; i++) count += popcount32(words[i])
    counts[row] = count
  }
  return counts
}

/** Ones in a 32-bit word (Hacker's Delight, 5-1). */
export function popcount32(x: number): number {
  x -= (x >>> 1) & 0x55555555
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Marks the bits on which rows differ from a reference. See {@link Kernels.markDifferences}. */
export function markDifferences(
  codes: Uint8Array,
  stride: number,
  rows: number,
  reference: Uint8Array,
  differing: Uint8Array,
): void {
  for (let row = 0; row < rows; row++) {
    const start = row * stride
    for (let i = 0; i < stride; i++) differing[i] |= codes[start + i] ^ reference[i]
  }
}
