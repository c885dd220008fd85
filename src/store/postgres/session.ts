import { Socket } from 'node:net'
import pg from 'pg'
import { USER } from './cluster.ts'
import { postgresFailed } from './failure.ts'
import { hasCode } from './files.ts'

/**
 * Key of the advisory lock that every user of an embedded Postgres holds, shared, as long as it may be
 * needed; whoever stops it holds it alone. "presence" in ASCII, cut to six bytes.
 */
const PRESENCE = 0x707265736e63

const STOPPING = 'polytope-atlas stopping'

/** How long sessions that are being closed get to vanish before they count as users, and presences too. */
const SESSION_GRACE_MS = 1_000
const PRESENCE_GRACE_MS = 200

/** The URL under which an embedded Postgres is reached. */
export function databaseUrl(port: number, password: string, database = USER): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`
}

/** Between two looks at something that cannot be waited for. */
export const POLL_MS = 20

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // The server may end the session at any time; the next query says so.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

async function createDatabase(port: number, password: string): Promise<void> {
  let client: pg.Client | undefined
  try {
    client = await connect(databaseUrl(port, password, 'postgres'))
    await client.query(`CREATE DATABASE ${USER}`)
  } catch (error) {
    // Another process made it at this moment.
    if (!hasCode(error, '42P04', '23505') && !isPassing(error)) throw error
  } finally {
    await client?.end()
  }
}

/** A session with the server. */
export type Presence = pg.Client

/** Decides whether the open session alone keeps this process running. */
export function keepRunning({ connection: { stream } }: Presence, keep: boolean): void {
  if (!(stream instanceof Socket)) return
  if (keep) stream.ref()
  else stream.unref()
}

/**
 * Opens a session with the server on `port`, to make the database the first time and, where it is to last,
 * to mark its presence. Undefined where the server is not ready: it starts up, recovers from a crash, or
 * shuts down.
 */
export async function tryConnect(
  port: number,
  password: string,
  present: boolean,
): Promise<Presence | undefined> {
  let client: pg.Client | undefined
  try {
    client = await connect(databaseUrl(port, password))
    // Waits while someone shuts the server down, and fails when it is down.
    if (present) await client.query('SELECT pg_advisory_lock_shared($1)', [PRESENCE])
    return client
  } catch (error) {
    await client?.end().catch(() => undefined)
    if (hasCode(error, '3D000')) await createDatabase(port, password)
    else if (hasCode(error, '28P01'))
      throw postgresFailed(
        'The password file does not fit the database: restore it, or remove the data directory.',
        error,
      )
    else if (!isPassing(error)) throw error
    return undefined
  }
}

/** 57P0x: shutting down, crashed, starting up; 53300: no connection is free at the moment. */
function isPassing(error: unknown): boolean {
  const closed =
    error instanceof Error &&
    /^(Connection terminated|timeout expired|Client has encountered a connection error)/.test(error.message)
  return closed || hasCode(error, 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300')
}

/**
 * Gives up the presence. True where nobody else uses the server: then no new presence is given until the
 * session, which the caller ends, is over: the server can be shut down under nobody's feet. Users that leave
 * at the same time do not count for one another.
 */
export async function leave(presence: Presence): Promise<boolean> {
  await presence.query(`SET application_name = '${STOPPING}'`)
  await presence.query('SELECT pg_advisory_unlock_shared($1)', [PRESENCE])
  const begin = Date.now()
  for (;;) {
    const { rows } = await presence.query<{ locked: boolean; alone: boolean }>(
      `SELECT pg_try_advisory_lock($1) AS locked, NOT EXISTS (
         SELECT FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> $2
       ) AS alone`,
      [PRESENCE, STOPPING],
    )
    const { locked, alone } = rows[0]
    if (locked && alone) return true
    if (Date.now() - begin > (locked ? SESSION_GRACE_MS : PRESENCE_GRACE_MS)) return false
    await pause(POLL_MS)
  }
}
