import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageRoot } from '../packageRoot.ts'
import type { Logger } from '../log.ts'

const RESTART_MS = 1_000
const STOP_MS = 15_000

/** A worker beside the server, in a process of its own, started again whenever it dies. */
export interface SupervisedWorker {
  stop(): Promise<void>
}

export function superviseWorker(databaseUrl: string, log: Logger): SupervisedWorker {
  let stopping = false
  let child: ChildProcess | undefined
  let restart: NodeJS.Timeout | undefined
  const start = () => {
    child = fork(join(packageRoot, 'dist', 'src', 'jobs', 'workerMain.js'), {
      env: { ...process.env, DATABASE_URL: databaseUrl },
      // A group of its own: Ctrl-C reaches the server, which stops the worker in its turn.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('error', (error) => log.error(error, 'the worker could not be started'))
    child.on('exit', (code, signal) => {
      if (stopping) return
      log.warn({ code, signal }, 'the worker died; starting another')
      restart = setTimeout(start, RESTART_MS)
    })
  }
  start()
  return {
    async stop() {
      stopping = true
      clearTimeout(restart)
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      const kill = setTimeout(() => child?.kill('SIGKILL'), STOP_MS)
      child.kill('SIGTERM')
      await exited
      clearTimeout(kill)
    },
  }
}
