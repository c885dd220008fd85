import { failedWithLog } from './failure.ts'
import { runningPostmaster } from './postmaster.ts'
import { pause, POLL_MS, type Presence, tryConnect } from './session.ts'

/** An embedded Postgres that is to be used. */
export interface Target {
  dataDir: string
  password: string
  logFile: string
  /** When to give up, milliseconds since 1970. */
  deadline: number
}

/** A session with a server that is ready. */
export interface Session {
  port: number
  presence: Presence
}

/** Throws POSTGRES_FAILED, with what was logged after byte `logStart`, when the time is over. */
export async function mindDeadline({ deadline, logFile }: Target, logStart: number): Promise<void> {
  if (Date.now() > deadline)
    throw await failedWithLog('Postgres is not ready after two minutes.', logFile, logStart)
}

/**
 * Joins the server that runs on the target's data as soon as it is ready, marking the `present`ce if so
 * wanted; undefined where none runs.
 */
export async function join(target: Target, present: boolean): Promise<Session | undefined> {
  for (;;) {
    const postmaster = await runningPostmaster(target.dataDir)
    if (postmaster === undefined) return undefined
    const presence = await tryConnect(postmaster.port, target.password, present)
    if (presence !== undefined) return { port: postmaster.port, presence }
    await mindDeadline(target, 0)
    await pause(POLL_MS)
  }
}
