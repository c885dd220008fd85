/**
 * The hot loops, one thread and all, each beside a limit measured in the same run: a bare popcnt loop in C for the
 * Hamming search (where a C compiler is at hand), a copy of the same floats for packing.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomFillSync } from 'node:crypto'
import { CodeGrouper, packLayer } from '../compute/codes/index.ts'
import { nearestCodes } from '../compute/neighbors/index.ts'
import { packageRoot } from '../src/packageRoot.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const ROUNDS = 5
const THREADS = [1, availableParallelism()]

export async function benchKernels(): Promise<Row[]> {
  const popcount = await bareLoop()
  const rows: Row[] = []
  for (const threads of THREADS) rows.push(await topK(threads, popcount))
  rows.push(await selfJoin(), await pack(), await group())
  return rows
}

/** Median seconds of several runs, after one that is not counted. */
async function timed(run: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) times.push(await seconds(async () => run()))
  return median(times.slice(1))
}

/** Gbit/s of xor and popcnt over two arrays in the first-level cache, in C; null without a compiler. */
async function bareLoop(): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-popcnt-'))
  try {
    const program = join(folder, 'popcnt')
    const source = join(packageRoot, 'bench', 'popcnt.c')
    execFileSync('cc', ['-O2', '-mpopcnt', '-o', program, source], { stdio: 'ignore' })
    const figures = Array.from({ length: ROUNDS }, () => Number(execFileSync(program)))
    return median(figures)
  } catch {
    console.log('no C compiler: the search stands without its limit')
    return null
  } finally {
    await rm(folder, { recursive: true })
  }
}

function randomCodes(rows: number, bits: number): Uint8Array {
  return randomFillSync(new Uint8Array((rows * bits) / 8))
}

async function topK(threads: number, popcount: number | null): Promise<Row> {
  const [queries, rows, bitCount, k] = [1000, 100_000, 1024, 10]
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

async function selfJoin(): Promise<Row> {
  const [rows, bitCount, k] = [70_000, 1024, 16]
  const base = randomCodes(rows, bitCount)
  const time = await seconds(() => nearestCodes({ queries: base, base, bitCount, k, self: true }))
  return {
    kernel: `hamming self-join, ${rows} x ${bitCount} bits, k = ${k}`,
    threads: availableParallelism(),
    seconds: rounded(time),
    figure: `${rounded((rows * rows) / time / 1e6)} M pairs/s`,
    limit: '',
    ratio: '',
  }
}

async function pack(): Promise<Row> {
  const [rows, units] = [8192, 1024]
  const pre = Float32Array.from({ length: rows * units }, () => Math.random() - 0.5)
  const copy = new Float32Array(pre.length)
  const time = await timed(() => packLayer(pre, rows, 1, units, 0))
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

async function group(): Promise<Row> {
  const [rows, bitCount, distinct] = [10_000_000, 256, 100_000]
  const codes = randomCodes(distinct, bitCount)
  const stride = bitCount / 8
  const batch = new Uint8Array(100_000 * stride)
  const time = await timed(() => {
    const grouper = new CodeGrouper(bitCount)
    for (let done = 0; done < rows; done += 100_000) {
      batch.set(codes)
      grouper.add(batch, 100_000)
    }
  })
  return {
    kernel: `group, ${rows} x ${bitCount} bits, ${distinct} distinct`,
    threads: 1,
    seconds: rounded(time),
    figure: `${rounded(rows / time / 1e6)} M rows/s`,
    limit: '',
    ratio: '',
  }
}
