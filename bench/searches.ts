/**
 * The Hamming searches with WebAssembly and, where they are built, the native kernels, on one thread and all, beside a
 * bare popcnt loop in C (where a C compiler is at hand) and faiss (where it is installed), all in the same run.
 */
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { choose } from '../compute/kernels/backend.ts'
import { bareLoop, faissFlat } from './peers.ts'
import { rounded, type Row } from './report.ts'

export const TOP_K = { queries: 1000, rows: 100_000, bitCount: 1024, k: 10 }
export const SELF_JOIN = { rows: 70_000, bitCount: 1024, k: 16 }

/** What a process says of its search. */
export interface SearchRun {
  /** Wall seconds; of the shorter search the median of several runs. */
  seconds: number
  /** Longest time that the event loop was blocked. */
  blockedMs: number
}

type Search = 'top' | 'join'

const THREADS = [1, availableParallelism()]

export async function benchSearches(): Promise<Row[]> {
  const backends = ['wasm', ...(choose('native').name === 'native' ? ['native'] : [])]
  const popcount = await bareLoop()
  const rows: Row[] = []
  for (const threads of THREADS) {
    const faiss = faissFlat(TOP_K, threads)
    for (const backend of backends) rows.push(topK(backend, threads, popcount, faiss?.seconds))
    if (faiss) rows.push(faissRow(faiss, threads))
  }
  for (const backend of backends) rows.push(selfJoin(backend))
  return rows
}

/** Runs a search in a process of its own: threads take their kernels from ATLAS_BACKEND, once. */
function run(search: Search, backend: string, threads: number): SearchRun {
  const program = fileURLToPath(new URL('./searchRun.js', import.meta.url))
  const env = { ...process.env, ATLAS_BACKEND: backend }
  return JSON.parse(
    execFileSync(process.execPath, [program, search, String(threads)], { env, encoding: 'utf8' }),
  )
}

const { queries, rows, bitCount, k } = TOP_K
const pairRate = (seconds: number): string => `${rounded((queries * rows) / seconds / 1e6)} M pairs/s`

function topK(backend: string, threads: number, popcount: number | null, faiss: number | undefined): Row {
  const { seconds } = run('top', backend, threads)
  const gigabits = (queries * rows * bitCount) / seconds / 1e9
  return {
    kernel: `hamming top-${k}, ${queries} x ${rows} x ${bitCount} bits, ${backend}`,
    threads,
    seconds: rounded(seconds),
    figure: pairRate(seconds),
    limit: popcount === null ? '' : `${rounded(popcount)} Gbit/s, popcnt in C, one thread`,
    ratio: popcount === null ? '' : rounded(gigabits / popcount),
    ...(faiss && { timesFaiss: rounded(faiss / seconds) }),
  }
}

/** The same search by faiss. */
function faissRow({ version, seconds }: { version: string; seconds: number }, threads: number): Row {
  return {
    kernel: `the same by faiss ${version} IndexBinaryFlat`,
    threads,
    seconds: rounded(seconds),
    figure: pairRate(seconds),
    limit: '',
    ratio: '',
    timesFaiss: 1,
  }
}

function selfJoin(backend: string): Row {
  const threads = availableParallelism()
  const { rows, bitCount, k } = SELF_JOIN
  const { seconds, blockedMs } = run('join', backend, threads)
  return {
    kernel: `hamming self-join, ${rows} x ${bitCount} bits, k = ${k}, ${backend}`,
    threads,
    seconds: rounded(seconds),
    figure: `${rounded((rows * rows) / seconds / 1e6)} M pairs/s`,
    limit: `event loop blocked for ${rounded(blockedMs, 2)} ms at most`,
    ratio: '',
  }
}
