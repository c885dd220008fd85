import { AtlasError } from '../errors.ts'

const BYTES = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(2).padStart(8, '0').split('').reverse().join(''),
)

/**
 * A code as text, bit 0 first: `0110…`, one character a bit.
 *
 * @param code ceil(bitCount / 8) bytes
 */
export function toBitString(code: Uint8Array, bitCount: number): string {
  return Array.from(code, (byte) => BYTES[byte])
    .join('')
    .slice(0, bitCount)
}

/**
 * The code that `toBitString` writes so.
 *
 * @returns ceil(bitCount / 8) bytes, zero after the last bit, and the number of bits
 * @throws AtlasError BAD_BIT_STRING when a character is neither 0 nor 1
 */
export function fromBitString(bits: string): { code: Uint8Array; bitCount: number } {
  const code = new Uint8Array(Math.ceil(bits.length / 8))
  for (let i = 0; i < bits.length; i++) {
    const character = bits[i]
    if (character === '1') code[i >>> 3] |= 1 << (i & 7)
    else if (character !== '0') {
      throw new AtlasError(
        'BAD_BIT_STRING',
        `Character ${i} of the bit string is ${JSON.stringify(character)}. ` +
          'Write one 0 or 1 a bit, bit 0 first, with nothing between.',
      )
    }
  }
  return { code, bitCount: bits.length }
}
