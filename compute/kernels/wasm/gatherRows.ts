import { BLOCK_WORDS, type CodeRows } from '../codeRows.ts'

/** Neighbouring rows from which on the engine's own copy is faster than a loop: it takes a while to begin. */
const LONG_RUN = 4

/** Copies the rows picks[from] … picks[to - 1] to the start of `tile`. */
export function gatherRows(
  { words, width }: CodeRows,
  picks: Int32Array,
  from: number,
  to: number,
  tile: Uint32Array,
): void {
  for (let i = from, at = 0; i < to;) {
    const first = i++
    while (i < to && picks[i] === picks[i - 1] + 1) i++
    const start = picks[first] * width
    const end = start + (i - first) * width
    if (i - first >= LONG_RUN) tile.set(words.subarray(start, end), at)
    else copyBlocks(words, start, end, tile, at)
    at += end - start
  }
}

/** Copies whole blocks: eight words a turn take half as long as one. */
function copyBlocks(words: Uint32Array, from: number, to: number, tile: Uint32Array, at: number): void {
  for (; from < to; from += BLOCK_WORDS, at += BLOCK_WORDS) {
    tile[at] = words[from]
    tile[at + 1] = words[from + 1]
    tile[at + 2] = words[from + 2]
    tile[at + 3] = words[from + 3]
    tile[at + 4] = words[from + 4]
    tile[at + 5] = words[from + 5]
    tile[at + 6] = words[from + 6]
    tile[at + 7] = words[from + 7]
  }
}
