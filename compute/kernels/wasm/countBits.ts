import type { CodeRows } from '../codeRows.ts'
import { ColumnCounter } from './columnCounter.ts'
import { gatherRows } from './gatherRows.ts'
import { emptyScratch } from './scratch.ts'

/** Set bits by runs of rows. See {@link Kernels.countBits}. */
export function countBits(rows: CodeRows, picks: Int32Array, starts: Int32Array): Uint32Array {
  const { width, bitCount } = rows
  const counts = new Uint32Array((starts.length - 1) * bitCount)
  const counter = new ColumnCounter(emptyScratch(), width)
  for (let run = 0; run + 1 < starts.length; run++) {
    const ofRun = counter.count(starts[run], starts[run + 1], (from, to, { words }) => {
      gatherRows(rows, picks, from, to, words)
    })
    counts.set(ofRun.subarray(0, bitCount), run * bitCount)
  }
  return counts
}

/** Differing bits of aligned rows. See {@link Kernels.countFlips}. */
export function countFlips(a: CodeRows, picksA: Int32Array, b: CodeRows, picksB: Int32Array): Uint32Array {
  const scratch = emptyScratch()
  const counter = new ColumnCounter(scratch, a.width)
  const othersAt = scratch.take(counter.tileRows * a.width * 4)
  const others = scratch.words(othersAt, counter.tileRows * a.width)
  const counts = counter.count(0, picksA.length, (from, to, { at, words }) => {
    gatherRows(a, picksA, from, to, words)
    gatherRows(b, picksB, from, to, others)
    scratch.exports.toggle(at, othersAt, (to - from) * a.width * 4)
  })
  return counts.slice(0, a.bitCount)
}
