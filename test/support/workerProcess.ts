import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'jobs', 'workerMain.js')

/** A real worker process on a database; it works as soon as it is up. */
export function forkWorker(databaseUrl: string): ChildProcess {
  return fork(MAIN, { env: { ...process.env, DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' } })
}

/** Ends a process by a signal and waits until it is gone. */
export async function killProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}
