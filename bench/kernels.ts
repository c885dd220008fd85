/**
 * The hot loops, one thread and all, each beside a limit measured in the same run: a bare popcnt loop in C for the
 * Hamming search (where a C compiler is at hand) and faiss (where it is installed), a copy of the same floats for
 * packing.
 */
import { availableParallelism } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { randomFillSync } from 'node:crypto'
import { CodeGrouper } from '../compute/codes/index.ts'
import { kernels } from '../compute/kernels/index.ts'
import { nearestCodes } from '../compute/neighbors/index.ts'
import { bareLoop, faissFlat, ROUNDS } from './peers.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const LOOP_RESOLUTION_MS = 5
const THREADS = [1, availableParallelism()]

export async function benchKernels(): Promise<Row[]> {
  const popcount = await bareLoop()
  const rows: Row[] = []
  for (const threads of THREADS) rows.push(await topK(threads, popcount))
  rows.push(...(await faiss()), await selfJoin(), await pack())
  for (const distinct of [100_000, 10_000_000]) rows.push(await group(distinct))
  return rows
}

/** Median seconds of several runs, after one that is not counted. */
async function timed(run: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) times.push(await seconds(async () => run()))
  return median(times.slice(1))
}

function randomCodes(rows: number, bits: number): Uint8Array {
  return randomFillSync(new Uint8Array((rows * bits) / 8))
}

const TOP_K = { queries: 1000, rows: 100_000, bitCount: 1024, k: 10 }

async function topK(threads: number, popcount: number | null): Promise<Row> {
  const { queries, rows, bitCount, k } = TOP_K
  const base = randomCodes(rows, bitCount)
  const time = await timed(() =>
    nearestCodes({ queries: base.subarray(0, (queries * bitCount) / 8), base, bitCount, k }, { threads }),
  )
  const gigabits = (queries * rows * bitCount) / time / 1e9
  return {
    kernel: `hamming top-${k}, ${queries} x ${rows} x ${bitCount} bits`,
    threads,
    seconds: rounded(time),
    figure: `${rounded((queries * rows) / time / 1e6)} M pairs/s`,
    limit: popcount === null ? '' : `${rounded(popcount)} Gbit/s, popcnt in C, one thread`,
    ratio: popcount === null ? '' : rounded(gigabits / popcount),
  }
}

/** The same search by faiss, on one thread; nothing where it is not installed. */
async function faiss(): Promise<Row[]> {
  const { queries, rows, bitCount, k } = TOP_K
  const answer = faissFlat(TOP_K)
  if (!answer) return []
  const base = randomCodes(rows, bitCount)
  const own = await timed(() =>
    nearestCodes({ queries: base.subarray(0, (queries * bitCount) / 8), base, bitCount, k }, { threads: 1 }),
  )
  return [
    {
      kernel: `the same by faiss ${answer.version} IndexBinaryFlat`,
      threads: 1,
      seconds: rounded(answer.seconds),
      figure: `${rounded((queries * rows) / answer.seconds / 1e6)} M pairs/s`,
      limit: `${rounded((queries * rows) / own / 1e6)} M pairs/s, this project`,
      ratio: rounded(own / answer.seconds),
    },
  ]
}

async function selfJoin(): Promise<Row> {
  const [rows, bitCount, k] = [70_000, 1024, 16]
  const base = randomCodes(rows, bitCount)
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()
  const time = await seconds(() => nearestCodes({ queries: base, base, bitCount, k, self: true }))
  loop.disable()
  const blocked = loop.max / 1e6 - LOOP_RESOLUTION_MS
  return {
    kernel: `hamming self-join, ${rows} x ${bitCount} bits, k = ${k}`,
    threads: availableParallelism(),
    seconds: rounded(time),
    figure: `${rounded((rows * rows) / time / 1e6)} M pairs/s`,
    limit: `event loop blocked for ${rounded(blocked, 2)} ms at most`,
    ratio: '',
  }
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
  const grouper = new CodeGrouper(bitCount)
  let time = 0
  for (let done = 0; done < rows; done += batch) {
    // A number in its first word makes each batch new; else the first comes again and again.
    if (distinct === rows) for (let row = 0; row < batch; row++) words[(row * bitCount) / 32] = done + row
    time += await seconds(async () => grouper.add(codes, batch))
  }
  if (grouper.regionCount !== distinct) throw new Error(`${grouper.regionCount} groups of ${distinct}`)
  return {
    kernel: `group, ${rows} x ${bitCount} bits, ${distinct} distinct`,
    threads: 1,
    seconds: rounded(time),
    figure: `${rounded(rows / time / 1e6)} M rows/s`,
    limit: '',
    ratio: '',
  }
}
