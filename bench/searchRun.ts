/**
 * `node searchRun.js top THREADS` or `join THREADS`: one of the searches with the kernels of ATLAS_BACKEND, in a
 * process of its own since its threads choose their kernels once. Prints a {@link SearchRun}.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { nearestCodes } from '../compute/neighbors/index.ts'
import { randomCodes, seconds, timed } from './report.ts'
import { SELF_JOIN, TOP_K, type SearchRun } from './searches.ts'

const LOOP_RESOLUTION_MS = 5

async function topK(threads: number): Promise<SearchRun> {
  const { queries, rows, bitCount, k } = TOP_K
  const base = randomCodes(rows, bitCount)
  const input = { queries: base.subarray(0, (queries * bitCount) / 8), base, bitCount, k }
  return watched(() => timed(() => nearestCodes(input, { threads })))
}

async function selfJoin(threads: number): Promise<SearchRun> {
  const { rows, bitCount, k } = SELF_JOIN
  const base = randomCodes(rows, bitCount)
  const input = { queries: base, base, bitCount, k, self: true }
  return watched(() => seconds(() => nearestCodes(input, { threads })))
}

async function watched(time: () => Promise<number>): Promise<SearchRun> {
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()
  const taken = await time()
  loop.disable()
  return { seconds: taken, blockedMs: loop.max / 1e6 - LOOP_RESOLUTION_MS }
}

const [search, threads] = process.argv.slice(2)
console.log(JSON.stringify(await (search === 'join' ? selfJoin : topK)(Number(threads))))
