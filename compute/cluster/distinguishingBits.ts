import { kernels, shareRows, type CodeRows } from '../kernels/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'
import { runTask } from './pool.ts'

/** Codes in groups, and the groups to tell apart from all other codes. */
export interface GroupedCodes {
  /** Rows x ceil(bitCount / 8) bytes, zero after the last bit. */
  codes: Uint8Array
  bitCount: number
  /** Per row: its group, or -1. */
  groups: Int32Array
  /** Per row: how often it counts, such as its sites. */
  weights: Int32Array
  /** Groups with a row each, and fewer than all rows. */
  wanted: Int32Array
  /** Bits of each group at most. */
  first: number
}

/** A bit that sets a group apart. */
export interface DistinguishingBit {
  /** Place in the code. */
  bit: number
  /** Share of the group that has it set. */
  inside: number
  /** The same of all rows outside of the group. */
  outside: number
}

/** {@link GroupedCodes} in memory that a thread sees. */
export interface DistinguishTask extends Omit<GroupedCodes, 'codes' | 'bitCount'> {
  rows: CodeRows
}

/**
 * Per wanted group the bits in which it differs most from all other rows, by the absolute difference of the shares,
 * ties to the lower bit. Exact, on a worker thread.
 */
export async function distinguishingBits(
  { codes, bitCount, ...grouped }: GroupedCodes,
  signal?: AbortSignal,
): Promise<DistinguishingBit[][]> {
  const rows = await shareRows(codes, grouped.groups.length, bitCount)
  return runTask('distinguish', { rows, ...grouped }, signal)
}

/** See {@link distinguishingBits}; runs on the calling thread. */
export function distinguish(task: DistinguishTask, stopped: Stopped): DistinguishingBit[][] {
  const { rows, groups, weights, wanted, first } = task
  const all = countWeighted(
    rows,
    weights,
    Int32Array.from(groups, (_, row) => row),
  )
  const rowsOf = rowsByGroup(groups, wanted)
  return Array.from(wanted, (group) => {
    throwIfStopped(stopped)
    const own = countWeighted(rows, weights, rowsOf.get(group) ?? [])
    const inside = own.counts.map((count) => count / own.total)
    const outside = all.counts.map((count, bit) => (count - own.counts[bit]) / (all.total - own.total))
    const difference = inside.map((share, bit) => Math.abs(share - outside[bit]))
    return Array.from(difference.keys())
      .sort((a, b) => difference[b] - difference[a] || a - b)
      .slice(0, first)
      .map((bit) => ({ bit, inside: inside[bit], outside: outside[bit] }))
  })
}

function rowsByGroup(groups: Int32Array, wanted: Int32Array): Map<number, number[]> {
  const rows = new Map<number, number[]>(Array.from(wanted, (group) => [group, []]))
  groups.forEach((group, row) => rows.get(group)?.push(row))
  return rows
}

/**
 * How often each bit is set in some rows, and how often they count in all. The weights are taken apart in binary digits,
 * so that a row is read once for each 1 among them rather than once a site.
 */
function countWeighted(
  rows: CodeRows,
  weights: Int32Array,
  picked: ArrayLike<number>,
): { counts: Float64Array; total: number } {
  const picks: number[] = []
  const starts = [0]
  let total = 0
  for (let left = 1, digit = 0; left > 0; digit++) {
    left = 0
    for (let i = 0; i < picked.length; i++) {
      const weight = weights[picked[i]] >>> digit
      if (weight & 1) picks.push(picked[i])
      if (weight > 1) left++
    }
    starts.push(picks.length)
    total += (picks.length - starts[digit]) * 2 ** digit
  }
  const ofDigits = kernels().countBits(rows, Int32Array.from(picks), Int32Array.from(starts))
  const counts = new Float64Array(rows.bitCount)
  ofDigits.forEach((count, i) => {
    counts[i % rows.bitCount] += count * 2 ** Math.floor(i / rows.bitCount)
  })
  return { counts, total }
}
