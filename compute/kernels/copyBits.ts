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
