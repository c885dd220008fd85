import type { CodeRows } from '../codeRows.ts'
import type { CudaLibrary } from './library.ts'

/** Set bits by runs of rows. See {@link Kernels.countBits}. */
export function countBits(
  library: CudaLibrary,
  { id, words, rows, width, bitCount }: CodeRows,
  picks: Int32Array,
  starts: Int32Array,
): Uint32Array {
  const runs = starts.length - 1
  const counts = new Uint32Array(runs * bitCount)
  const picked = [picks, picks.length, starts, runs]
  library.call('count_bits', id, words, rows, width, bitCount, ...picked, counts)
  return counts
}

/** Differing bits of aligned rows. See {@link Kernels.countFlips}. */
export function countFlips(
  library: CudaLibrary,
  a: CodeRows,
  picksA: Int32Array,
  b: CodeRows,
  picksB: Int32Array,
): Uint32Array {
  const counts = new Uint32Array(a.bitCount)
  library.call(
    'count_flips',
    ...[a.id, a.words, a.rows, picksA],
    ...[b.id, b.words, b.rows, picksB],
    ...[a.width, a.bitCount, picksA.length, counts],
  )
  return counts
}

/** Common ones of all pairs of rows. See {@link Kernels.countCommon}. */
export function countCommon(library: CudaLibrary, a: CodeRows, b: CodeRows): Int32Array {
  const counts = new Int32Array(a.rows * b.rows)
  library.call('count_common', a.id, a.words, a.rows, b.id, b.words, b.rows, a.width, counts)
  return counts
}
