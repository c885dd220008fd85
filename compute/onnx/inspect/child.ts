/** The process that inspects networks, one after the other. It ends with the one that started it. */
import { writeFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { AtlasError } from '../../errors.ts'
import { inspectNetwork } from '../network.ts'
import type { Answer, Inspection, Outcome } from './protocol.ts'

/** Resident bytes after which the process asks for a fresh one: freed memory does not all go back to the system. */
const SPENT = 512 * 2 ** 20

// Where memory runs out all the same, Linux ends this process rather than the server or Postgres.
void writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined)

const memoryLimit = new Float64Array(new SharedArrayBuffer(8)).fill(Infinity)
new Worker(new URL('./watch.js', import.meta.url), { workerData: memoryLimit }).unref()

process.on('disconnect', () => process.exit())
process.on('message', (inspection: Inspection) => void answer(inspection))

async function answer({ byteCount, memoryLimit: limit }: Inspection): Promise<void> {
  memoryLimit[0] = limit
  const outcome = await inspect(byteCount)
  memoryLimit[0] = Infinity
  const message: Answer = { ...outcome, spent: process.memoryUsage.rss() > SPENT }
  process.send?.(message)
}

async function inspect(byteCount: number): Promise<Outcome> {
  try {
    return { summary: await inspectNetwork(await readStdin(byteCount)) }
  } catch (error) {
    if (error instanceof AtlasError) return { code: error.code, message: error.message }
    return { bug: error instanceof Error ? error : new Error(String(error)) }
  }
}

/** The next bytes of stdin. It carries one file after the other, and none begins before the last is answered. */
function readStdin(byteCount: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(byteCount)
  let received = 0
  return new Promise((resolve) => {
    const done = () => {
      process.stdin.off('data', take).pause()
      resolve(bytes)
    }
    const take = (piece: Buffer) => {
      bytes.set(piece, received)
      received += piece.length
      if (received === byteCount) done()
    }
    if (byteCount === 0) done()
    else process.stdin.on('data', take).resume()
  })
}
