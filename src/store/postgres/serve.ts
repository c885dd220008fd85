import { type Account } from './account.ts'
import { failedWithLog, logTail } from './failure.ts'
import { join, mindDeadline, type Session, type Target } from './join.ts'
import { launch } from './launch.ts'
import { readPostmaster } from './postmaster.ts'
import { pause, POLL_MS, tryConnect } from './session.ts'

/** Failures to start that pass: a server that runs, or that still ends; a port taken at this moment. */
const PASSING =
  /lock file ".*" already exists|pre-existing shared memory block|could not create any TCP\/IP sockets/

/** Starts one server; undefined where it ended for a reason that passes. */
async function serveOnce(
  binaries: string,
  target: Target,
  account: Account | undefined,
): Promise<Session | undefined> {
  const { dataDir, password, logFile } = target
  const stale = await readPostmaster(dataDir)
  const server = await launch(binaries, dataDir, logFile, account, stale)
  while (server.ended() === undefined) {
    const presence = await tryConnect(server.port, password, true)
    if (presence !== undefined) return { port: server.port, presence }
    await mindDeadline(target, server.logStart)
    await pause(POLL_MS)
  }
  // A process that attached before this one may have been the last user already.
  if (server.ended() === 'stopped' || PASSING.test(await logTail(logFile, server.logStart))) return undefined
  throw await failedWithLog('Postgres did not start.', logFile, server.logStart)
}

/** Starts a server on the target's data, or joins the one that another process starts at the same time. */
export async function serve(
  binaries: string,
  target: Target,
  account: Account | undefined,
): Promise<Session & { started: boolean }> {
  for (;;) {
    const joined = await join(target, true)
    if (joined !== undefined) return { ...joined, started: false }
    const session = await serveOnce(binaries, target, account)
    if (session !== undefined) return { ...session, started: true }
    await mindDeadline(target, 0)
    await pause(POLL_MS)
  }
}
