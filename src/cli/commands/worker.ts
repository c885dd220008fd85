import { once } from 'node:events'
import { startWatchedWorker } from '../../jobs/watchedWorker.ts'
import { createLogger } from '../../log.ts'
import type { AtlasCli } from '../session.ts'

/** `atlas worker`: takes jobs until Ctrl-C, and gives the one it works on back to the queue then. */
export async function workerCommand(cli: AtlasCli): Promise<void> {
  const log = createLogger(cli.settings, 'worker')
  const worker = await startWatchedWorker(cli.atlas.url, cli.settings, (level, message) =>
    log[level](message),
  )
  cli.output.note('The worker takes jobs; Ctrl-C stops it.')
  try {
    if (!cli.signal.aborted) await Promise.race([once(cli.signal, 'abort'), lost(worker.finished)])
  } finally {
    await worker.stop()
  }
}

/** Rejects when the worker lost its database; a worker that stops otherwise was told to. */
function lost(finished: Promise<void>): Promise<never> {
  return new Promise((_, reject) => finished.catch(reject))
}
