/** Codes as people write them. */
import { fromBitString, hash128, toBitString } from '../../../compute/codes/index.ts'

/** What identifies a code, and its bytes. */
export interface WrittenCode {
  /** 32 hexadecimal digits. */
  hash: string
  bitCount: number
  /** ceil(bitCount / 8) bytes */
  bytes: Uint8Array
}

/** The code that is written as `0110…`, bit 0 first. Throws BAD_BIT_STRING. */
export function codeOfBits(bits: string): WrittenCode {
  const { code, bitCount } = fromBitString(bits)
  const hash = Buffer.from(hash128(code, code.length, 1, bitCount)).toString('hex')
  return { hash, bitCount, bytes: code }
}

/** `0110…` of ceil(bitCount / 8) bytes. */
export function bitsOfCode(bytes: Uint8Array, bitCount: number): string {
  return toBitString(bytes, bitCount)
}
