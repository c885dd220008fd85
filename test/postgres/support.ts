import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Account } from '#atlas/src/store/postgres/account.js'
import { runningPostmaster } from '#atlas/src/store/postgres/postmaster.js'

const HOLDER = fileURLToPath(new URL('holder.mjs', import.meta.url))
const Holding = z.object({ url: z.string(), started: z.boolean() })

/** A process of its own that uses an embedded Postgres. */
export interface Holder {
  url: string
  started: boolean
  process: ChildProcessWithoutNullStreams
  /** Gives it up, and waits for the end of the process; its last words. */
  stop(): Promise<string>
}

/** Starts the process; it may still be on its way to the Postgres. */
export function spawnHolder(dataDir: string, account?: Account): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [HOLDER, dataDir], { ...account })
  return child
}

export async function hold(dataDir: string, account?: Account): Promise<Holder> {
  const child = spawnHolder(dataDir, account)
  child.stderr.pipe(process.stderr)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.done === true) throw new Error('The holder has ended.')
  return {
    ...Holding.parse(JSON.parse(first.value)),
    process: child,
    async stop() {
      child.stdin.end()
      const last = await lines.next()
      return last.done === true ? '' : last.value
    },
  }
}

/** Ends a process as a power cut would, and waits for its end. */
export async function killHard(child: ChildProcessWithoutNullStreams): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** Where the data really are: root's may have had to move. */
export async function realData(dataDir: string): Promise<string> {
  return readFile(`${dataDir}.location`, 'utf8').catch(() => dataDir)
}

/** A new folder with a name to stumble over, closed to other users as mkdtemp makes it. */
export function makeHome(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'atlas höme of tests-'))
}

/** Kills whatever server runs on `dataDir` and removes `home` with all data. */
export async function removeHome(home: string, dataDir: string): Promise<void> {
  const data = await realData(dataDir)
  const postmaster = await runningPostmaster(data)
  if (postmaster !== undefined) process.kill(postmaster.pid, 'SIGQUIT')
  await rm(data, { recursive: true, force: true, maxRetries: 20 })
  await rm(home, { recursive: true, force: true })
}
