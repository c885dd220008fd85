import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chooseAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { createCluster } from './cluster.ts'
import { postgresFailed } from './failure.ts'
import { ensurePassword, hasCode, readIfPresent } from './files.ts'
import { join, type Session, type Target } from './join.ts'
import { chooseData, existingData, locate, type Location } from './location.ts'
import { serve } from './serve.ts'
import { databaseUrl, keepRunning, pause } from './session.ts'
import { stopPostgres } from './stop.ts'

/** Recovery after a crash replays up to max_wal_size (4 GB) of log. */
const START_TIMEOUT_MS = 120_000

/** A running embedded Postgres. */
export interface PostgresHandle {
  /** Of the database `atlas`, with its password. */
  url: string
  /** False where it ran already, started by another process. */
  started: boolean
  /**
   * Shuts the server down (fast: open transactions are rolled back) and waits for it, unless another process
   * uses it. End this process' own connections before. May be called again, without effect.
   */
  stop(): Promise<void>
}

/**
 * Starts the embedded Postgres of `dataDir`, or attaches to it where it runs; makes it the first time.
 * Beside `dataDir` stand its password (`<dataDir>.password`), its log (`<dataDir>.log`) and, where root
 * started it and Postgres' account could not reach `dataDir`, the place of the data (`<dataDir>.location`).
 * Any number of processes may do so at once: one starts it, the others attach. `onLog` hears of what a user
 * would not expect, such as data that had to go elsewhere.
 *
 * The server is no part of this process: it goes on when this process is killed, and the next start attaches. Where it
 * ends by itself, or is killed, it is started again, on the same port; `onLog` hears of it.
 * Throws POSTGRES_FAILED, with the last lines of its log, where it does not start within two minutes.
 */
export async function startPostgres(options: {
  dataDir: string
  onLog?(line: string): void
}): Promise<PostgresHandle> {
  const { dataDir, onLog = () => undefined } = options
  const start = () => startOrJoin(dataDir, onLog)
  return handle(await start(), start, onLog)
}

/** A session with a server on known data. */
interface Running extends Session {
  target: Target
  started: boolean
}

async function startOrJoin(dataDir: string, onLog: (line: string) => void): Promise<Running> {
  try {
    await mkdir(path.dirname(path.resolve(dataDir)), { recursive: true })
    const location = await locate(dataDir)
    const password = await ensurePassword(location.passwordFile)
    const existing = await existingData(location)
    if (existing !== undefined) {
      const target = targetOf(location, existing, password)
      const joined = await join(target, true)
      if (joined !== undefined) return { ...joined, target, started: false }
    }
    return await startOn(location, existing, password, onLog)
  } catch (error) {
    throw explain(error)
  }
}

/** Starts the server on `existing` data, or on new ones. */
async function startOn(
  location: Location,
  existing: string | undefined,
  password: string,
  onLog: (line: string) => void,
): Promise<Running> {
  const account = await chooseAccount(existing)
  const dataDir = existing ?? (await chooseData(location, account, onLog))
  const binaries = await findBinaries(account, location.home, onLog)
  if (existing === undefined) await createCluster(binaries, dataDir, password, account)
  const target = targetOf(location, dataDir, password)
  return { ...(await serve(binaries, target, account)), target }
}

function targetOf({ logFile }: Location, dataDir: string, password: string): Target {
  return { dataDir, password, logFile, deadline: Date.now() + START_TIMEOUT_MS }
}

/** Between two attempts to start a server again that ended. */
const REVIVE_MS = 2_000

function handle(
  first: Running,
  start: () => Promise<Running>,
  onLog: (line: string) => void,
): PostgresHandle {
  let running = first
  let reviving: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  const watch = ({ presence }: Running) => {
    keepRunning(presence, false)
    presence.once('end', () => {
      if (!stopping) reviving = revive()
    })
  }
  const revive = async () => {
    onLog('Postgres has ended, which it should not; starting it again.')
    while (!stopping) {
      try {
        running = await start()
        watch(running)
        if (running.port !== first.port)
          onLog(
            'Postgres came back on another port, since its own was taken meanwhile: start the atlas anew.',
          )
        return onLog('Postgres is there again.')
      } catch (error) {
        onLog(`Postgres could not be started again (${String(error)}); trying on.`)
        await pause(REVIVE_MS)
      }
    }
  }
  const stop = async () => {
    await reviving
    const { dataDir, password } = running.target
    await stopPostgres(dataDir, password, running.presence)
  }
  watch(first)
  return {
    url: databaseUrl(first.port, first.target.password),
    started: first.started,
    stop: () => (stopping ??= stop()),
  }
}

function explain(error: unknown): unknown {
  if (!hasCode(error, 'EACCES', 'EPERM')) return error
  return postgresFailed(
    `The files of the embedded Postgres belong to another user (${String(error)}): ` +
      `start the atlas as that user, or with another ATLAS_HOME.`,
    error,
  )
}

/** URL of the embedded Postgres of `dataDir` where it runs, else null; nothing is started or made. */
export async function findPostgres(dataDir: string): Promise<string | null> {
  if (!existsSync(path.dirname(path.resolve(dataDir)))) return null
  try {
    const location = await locate(dataDir)
    const existing = await existingData(location)
    const password = await readIfPresent(location.passwordFile)
    if (existing === undefined || password === undefined) return null
    const session = await join(targetOf(location, existing, password), false)
    await session?.presence.end()
    return session === undefined ? null : databaseUrl(session.port, password)
  } catch (error) {
    throw explain(error)
  }
}
