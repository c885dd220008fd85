/**
 * The hot loops beside limits measured in the same run: those of the searches (see searches.ts), a copy of the same
 * floats for packing.
 */
import { CodeGrouper } from '../compute/codes/index.ts'
import { kernels } from '../compute/kernels/index.ts'
import { median, randomCodes, rounded, ROUNDS, seconds, timed, type Row } from './report.ts'
import { benchSearches } from './searches.ts'

export async function benchKernels(): Promise<Row[]> {
  const rows = [...(await benchSearches()), await pack()]
  for (const distinct of [100_000, 10_000_000]) rows.push(await group(distinct))
  return rows
}

async function pack(): Promise<Row> {
  const [rows, units] = [8192, 1024]
  const pre = Float32Array.from({ length: rows * units }, () => Math.random() - 0.5)
  const copy = new Float32Array(pre.length)
  const codes = new Uint8Array((rows * units) / 8)
  const margins = new Float32Array(rows)
  const time = await timed(() => kernels().pack(pre, rows, units, 0, codes, margins))
  const copying = await timed(() => copy.set(pre))
  return {
    kernel: `pack, ${rows} x ${units} units`,
    threads: 1,
    seconds: rounded(time),
    figure: `${rounded(pre.byteLength / time / 1e9)} GB/s`,
    limit: `${rounded(pre.byteLength / copying / 1e9)} GB/s, a copy`,
    ratio: rounded(copying / time),
  }
}

async function group(distinct: number): Promise<Row> {
  const [rows, bitCount, batch] = [10_000_000, 256, 100_000]
  const codes = randomCodes(batch, bitCount)
  const words = new Uint32Array(codes.buffer)
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const grouper = new CodeGrouper(bitCount)
    let time = 0
    for (let done = 0; done < rows; done += batch) {
      // A number in its first word makes each batch new; else the first comes again and again.
      if (distinct === rows) for (let row = 0; row < batch; row++) words[(row * bitCount) / 32] = done + row
      time += await seconds(async () => grouper.add(codes, batch))
    }
    if (grouper.regionCount !== distinct) throw new Error(`${grouper.regionCount} groups of ${distinct}`)
    times.push(time)
  }
  const time = median(times.slice(1))
  return {
    kernel: `group, ${rows} x ${bitCount} bits, ${distinct} distinct`,
    threads: 1,
    seconds: rounded(time),
    figure: `${rounded(rows / time / 1e6)} M rows/s`,
    limit: '',
    ratio: '',
  }
}
