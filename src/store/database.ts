import diagnostics from 'node:diagnostics_channel'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { sqlTracing, traced } from '../../compute/tracing.ts'
import { Prisma, PrismaClient } from './generated/client.ts'
import type { Waiting } from './waiting.ts'

/** Composable SQL with bound values: sql`select ... where id = ${id}`. */
export const { sql, join, raw, empty } = Prisma
export type Sql = Prisma.Sql
/** Prisma's client inside one of its transactions. */
export type PrismaTransaction = Prisma.TransactionClient

/**
 * Every hand-written statement is published here as its text, without values: metrics and the tests that
 * count SQL statements listen.
 */
export const statementChannel = diagnostics.channel('atlas:sql')

/** Runs SQL: the pool (each statement on its own) or one transaction. */
export interface Executor {
  /** Rows of one statement. Row types are the statement's own select list; the caller states them. */
  query<Row extends object>(statement: Sql): Promise<Row[]>
}

/** One open transaction; `client` is for COPY, which no query interface covers. */
export interface Transaction extends Executor {
  readonly client: pg.PoolClient
}

/** A pool of connections to one atlas, shared by hand-written SQL and Prisma. */
export interface Database extends Executor {
  readonly url: string
  readonly pool: pg.Pool
  readonly prisma: PrismaClient
  /** Commits what `run` does, or rolls it back and rethrows. */
  transaction<Result>(run: (tx: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most. */
  connections?: number
  /** After how long Postgres gives up a statement outside of transactions; never by default. */
  statementTimeoutMs?: number
}

/** Connects lazily: nothing is sent before the first statement. */
export function openDatabase(
  url: string,
  { connections = 10, statementTimeoutMs }: DatabaseOptions = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    statement_timeout: statementTimeoutMs,
    application_name: 'polytope-atlas',
    // Prisma drops the offset of a timestamptz: it must be UTC.
    options: '-c timezone=UTC',
    // A connection that a dead network swallowed is noticed in seconds, not in two hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    onConnect: watchClient,
  })
  // An idle connection that Postgres closes (restart, shutdown) is replaced at the next query; without a
  // listener it would end the process.
  pool.on('error', () => undefined)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    url,
    pool,
    prisma,
    query: (statement) => run(pool, statement),
    transaction: (work) => transaction(pool, work),
    async close() {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}

/**
 * Has Postgres look so often whether anybody still waits for a statement, and end it where not: see `whileWaiting`. Where
 * its system cannot tell, it refuses, and such statements run to their end.
 */
async function watchClient(client: pg.ClientBase): Promise<void> {
  await client.query('set client_connection_check_interval = 500').catch(() => undefined)
}

/**
 * The same database for work that may be broken off: when nobody waits any more, what is asked rejects with the reason,
 * and the connection is closed, upon which Postgres ends the statement.
 */
export function whileWaiting(db: Database, waiting: Waiting): Database {
  return new WaitingDatabase(db, waiting)
}

/** A database, of which the statements alone may be broken off. */
class WaitingDatabase implements Database {
  readonly #db: Database
  readonly #waiting: Waiting

  constructor(db: Database, waiting: Waiting) {
    this.#db = db
    this.#waiting = waiting
  }

  get url(): string {
    return this.#db.url
  }

  get pool(): pg.Pool {
    return this.#db.pool
  }

  get prisma(): PrismaClient {
    return this.#db.prisma
  }

  query<Row extends object>(statement: Sql): Promise<Row[]> {
    return runAbortable(this.#db.pool, statement, this.#waiting)
  }

  transaction<Result>(run: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#db.transaction(run)
  }

  close(): Promise<void> {
    return this.#db.close()
  }
}

async function runAbortable<Row extends object>(
  pool: pg.Pool,
  statement: Sql,
  waiting: Waiting,
): Promise<Row[]> {
  waiting.check()
  // The text is joined anew each time that it is asked for.
  const { text, values } = statement
  statementChannel.publish(text)
  const client = await pool.connect()
  let broken = false
  const stopListening = waiting.onEnd(() => {
    broken = true
    client.release(true)
  })
  try {
    waiting.check()
    return await send<Row>(client, { name: nameOf(text), text, values })
  } catch (error) {
    waiting.check()
    throw error
  } finally {
    stopListening()
    if (!broken) client.release()
  }
}

/** Statements and COPY on a connection whose transaction somebody else began, and ends. */
export function onClient(client: pg.PoolClient): Transaction {
  return { client, query: (statement) => run(client, statement) }
}

/** Names of statements that requests ask, by their texts. */
const names = new Map<string, string>()
/** Each connection keeps the plans of as many; filters and orders make some dozens of texts of each list. */
const MAX_NAMES = 500

/** The name under which Postgres keeps a statement's plan: planning takes it longer than answering most of them. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MAX_NAMES) return known
  const name = `atlas_${names.size}`
  names.set(text, name)
  return name
}

async function run<Row extends object>(on: pg.Pool | pg.PoolClient, { text, values }: Sql): Promise<Row[]> {
  statementChannel.publish(text)
  return send<Row>(on, { text, values })
}

async function send<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  query: { name?: string; text: string; values: unknown[] },
): Promise<Row[]> {
  const result = await traced(sqlTracing, query.text, () => on.query<Row>(query))
  return result.rows
}

async function transaction<Result>(pool: pg.Pool, work: (tx: Transaction) => Promise<Result>) {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    // What writes ends by itself; a network with millions of regions takes its time to go.
    await client.query('begin; set local statement_timeout = 0')
    const result = await work(onClient(client))
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((reason: unknown) => {
      broken = reason instanceof Error ? reason : new Error(String(reason))
    })
    throw error
  } finally {
    client.release(broken)
  }
}
