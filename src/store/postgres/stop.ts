import { postgresFailed } from './failure.ts'
import { hasCode } from './files.ts'
import { type Postmaster, runningPostmaster } from './postmaster.ts'
import { keepRunning, leave, pause, POLL_MS, type Presence, tryConnect } from './session.ts'

/** A fast shutdown writes at most shared_buffers (256 MB) to disk. */
const STOP_TIMEOUT_MS = 60_000

/** Asks a server for a fast shutdown and waits until it has ended. */
async function shutDown(dataDir: string, { pid }: Postmaster): Promise<void> {
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
  const deadline = Date.now() + STOP_TIMEOUT_MS
  while ((await runningPostmaster(dataDir))?.pid === pid) {
    if (Date.now() > deadline)
      throw postgresFailed(`Postgres (process ${pid}) has not stopped after a minute.`)
    await pause(POLL_MS)
  }
}

/**
 * Gives up `presence` and, where nobody else uses the server of `dataDir`, shuts it down and waits for its
 * end. A presence that was lost, as in a crash that the server recovered from, is taken again first.
 * Throws POSTGRES_FAILED where the server has not ended after a minute.
 */
export async function stopPostgres(dataDir: string, password: string, presence: Presence): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS
  let session: Presence | undefined = presence
  keepRunning(presence, true)
  try {
    for (;;) {
      const postmaster = await runningPostmaster(dataDir)
      if (postmaster === undefined) return
      try {
        session ??= await tryConnect(postmaster.port, password, true)
        if (session !== undefined)
          return (await leave(session)) ? await shutDown(dataDir, postmaster) : undefined
      } catch (error) {
        if (Date.now() > deadline) throw error
        await session?.end().catch(() => undefined)
        session = undefined
      }
      await pause(POLL_MS)
    }
  } finally {
    await session?.end().catch(() => undefined)
  }
}
