import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'

/** Type id of "char", the catalogs' one-byte type. */
const CHAR = 18

/**
 * Types of the system catalogs that @prisma/adapter-pg refuses, by type id, and the type with the same text
 * form to read them as: "char", regproc, pg_node_tree, regclass and regtype as text, name[] as text[].
 */
const READ_AS = new Map([
  [CHAR, 25],
  [24, 25],
  [194, 25],
  [2205, 25],
  [2206, 25],
  [1003, 1009],
])

interface RowDescription {
  fields: { dataTypeID: number }[]
}

/**
 * A pool of one connection that is never closed for being idle: a transaction and its locks survive from
 * one query of the engine to the next.
 */
export class MigrationPool extends pg.Pool {
  /** For each column of the latest result, whether it is of type "char". */
  charColumns: boolean[] = []

  constructor(connectionString: string) {
    super({ connectionString, max: 1, idleTimeoutMillis: 0 })
    this.on('connect', (client) => {
      // Before pg's own listener, which chooses the parsers by these ids.
      client.connection.prependListener('rowDescription', ({ fields }: RowDescription) => {
        this.charColumns = fields.map((field) => field.dataTypeID === CHAR)
        for (const field of fields) field.dataTypeID = READ_AS.get(field.dataTypeID) ?? field.dataTypeID
      })
    })
    // A connection lost while idle makes the next query fail; without a listener it would end the process.
    this.on('error', () => undefined)
  }
}

async function connect(pool: MigrationPool, onDispose: () => Promise<void>): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(pool).connect()
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: async (query) => {
      const result = await adapter.queryRaw(query)
      // The engine reads "char" as one character and takes no text for it.
      const columnTypes = result.columnTypes.map((type, column) =>
        pool.charColumns[column] ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    },
    executeRaw: (query) => adapter.executeRaw(query),
    // adapter-pg cuts a script at every semicolon, also inside strings, comments and function bodies. A
    // query without arguments goes by the simple protocol, which takes a whole script.
    executeScript: async (script) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] })
    },
    startTransaction: (isolationLevel) => adapter.startTransaction(isolationLevel),
    getConnectionInfo: () => adapter.getConnectionInfo(),
    dispose: onDispose,
  }
}

function withDatabase(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl)
  url.pathname = `/${database}`
  return url.href
}

/**
 * What the schema engine talks to Postgres through: @prisma/adapter-pg over `pool` for the database itself,
 * and over a database of its own, made and dropped each time, where the engine replays the migrations.
 */
export function migrationAdapter(
  pool: MigrationPool,
  databaseUrl: string,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(pool, () => Promise.resolve()),
    connectToShadowDb: async () => {
      const shadow = `prisma_migrate_shadow_db_${randomUUID()}`
      await pool.query(`CREATE DATABASE "${shadow}"`)
      const shadowPool = new MigrationPool(withDatabase(databaseUrl, shadow))
      return connect(shadowPool, async () => {
        await shadowPool.end()
        await pool.query(`DROP DATABASE IF EXISTS "${shadow}" WITH (FORCE)`)
      })
    },
  }
}
