import { kernels, rowWords } from '../kernels/index.ts'

/**
 * Active bits of each code.
 *
 * @param codes rows x stride bytes, zero after the last bit
 * @returns one count a row
 */
export function popcounts(codes: Uint8Array, stride: number, rows: number): Uint32Array {
  return kernels().popcounts(rowWords(codes, stride, rows), Math.ceil(stride / 4), rows)
}
