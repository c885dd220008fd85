import diagnostics from 'node:diagnostics_channel'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from './generated/client.ts'

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

/** Connects lazily: nothing is sent before the first statement. `connections` bounds the pool. */
export function openDatabase(url: string, connections = 10): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'polytope-atlas',
    // Prisma drops the offset of a timestamptz: it must be UTC.
    options: '-c timezone=UTC',
    // A connection that a dead network swallowed is noticed in seconds, not in two hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
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

/** Statements and COPY on a connection whose transaction somebody else began, and ends. */
export function onClient(client: pg.PoolClient): Transaction {
  return { client, query: (statement) => run(client, statement) }
}

async function run<Row extends object>(on: pg.Pool | pg.PoolClient, statement: Sql): Promise<Row[]> {
  const { text, values } = statement
  statementChannel.publish(text)
  const result = await on.query<Row>(text, values)
  return result.rows
}

async function transaction<Result>(pool: pg.Pool, work: (tx: Transaction) => Promise<Result>) {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
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
