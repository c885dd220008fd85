import type { CodeRows } from '../codeRows.ts'
import { commonOnes } from './commonWords.ts'

/** Common ones of all pairs of rows. See {@link Kernels.countCommon}. */
export function countCommon(a: CodeRows, b: CodeRows): Int32Array {
  const counts = new Int32Array(a.rows * b.rows)
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      counts[i * b.rows + j] = commonOnes(a.words, i * a.width, b.words, j * b.width, a.width)
    }
  }
  return counts
}
