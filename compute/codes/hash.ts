import { kernels, rowWords } from '../kernels/index.ts'

/**
 * The 128-bit hash that, with the bit count, identifies a code: MurmurHash3_x86_128 over the code's bytes with the
 * bit count as seed. Stable for ever: the paths of regions contain it.
 *
 * @param codes rows x stride bytes
 * @returns rows x 16 bytes
 */
export function hash128(codes: Uint8Array, stride: number, rows: number, bitCount: number): Uint8Array {
  return new Uint8Array(kernels().hash128(rowWords(codes, stride, rows), stride, rows, bitCount).buffer)
}
