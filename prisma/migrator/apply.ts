import type pg from 'pg'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { AtlasError } from '../../compute/errors.ts'
import { MigrationPool } from './adapter.ts'
import { withEngine } from './engine.ts'
import { NO_FILTERS, prismaDirectory, readMigrations } from './migrations.ts'

/** Key of the advisory lock under which migrations are applied: "atlas" in ASCII. */
const LOCK_KEY = 0x61746c6173

async function refuseNewerSchema(pool: MigrationPool, migrations: MigrationList): Promise<void> {
  const { rows: tables } = await pool.query<{ present: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
  )
  if (!tables[0].present) return
  const { rows } = await pool.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE rolled_back_at IS NULL AND migration_name <> ALL ($1) ORDER BY migration_name`,
    [migrations.migrationDirectories.map((migration) => migration.path)],
  )
  if (rows.length === 0) return
  throw new AtlasError(
    'SCHEMA_TOO_NEW',
    `The database has migrations that this version of the atlas does not know ` +
      `(${rows.map((row) => row.name).join(', ')}): it was used by a newer version. ` +
      `Update the atlas, or use another database (DATABASE_URL or ATLAS_HOME).`,
  )
}

/** Turns the engine's refusal (Prisma's P3005) of a database that holds other tables into ours. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'P3005')) return error
  return new AtlasError(
    'DATABASE_NOT_EMPTY',
    'The database holds tables that are not the atlas’s. Give DATABASE_URL a database of its own (CREATE DATABASE atlas).',
    { cause: error },
  )
}

/**
 * Brings the database to the newest schema: applies the migrations of `directory` that it lacks, in order,
 * and records them in `_prisma_migrations` as Prisma does. Everything happens in one transaction that holds
 * an advisory lock, so that processes that start at once wait for one another, and one that is killed
 * half-way leaves nothing behind. (Hence no statement that refuses to run in a transaction, such as CREATE
 * INDEX CONCURRENTLY, may stand in a migration.)
 *
 * Returns the names of the migrations applied; none where the schema was up to date.
 * Throws SCHEMA_TOO_NEW where the database was migrated by a newer version, DATABASE_NOT_EMPTY where it
 * belongs to something else.
 */
export async function applyMigrations(databaseUrl: string, directory = prismaDirectory()): Promise<string[]> {
  const migrations = await readMigrations(directory)
  return underLock(databaseUrl, async (pool, apply) => {
    await refuseNewerSchema(pool, migrations)
    return apply(migrations)
  })
}

/** Applies the migrations of a list that the database lacks; answers their names. */
type Apply = (migrationsList: MigrationList) => Promise<string[]>

/** Runs `work` in one transaction on the pool's only connection, one process at a time. */
async function underLock<Result>(
  databaseUrl: string,
  work: (pool: MigrationPool, apply: Apply) => Promise<Result>,
): Promise<Result> {
  const pool = new MigrationPool(databaseUrl)
  const apply: Apply = async (migrationsList) => {
    const { appliedMigrationNames } = await withEngine(pool, databaseUrl, undefined, (engine) =>
      engine.applyMigrations({ migrationsList, filters: NO_FILTERS }),
    )
    return appliedMigrationNames
  }
  try {
    await pool.query('BEGIN')
    await pool.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY])
    const result = await work(pool, apply)
    await pool.query('COMMIT')
    return result
  } catch (error) {
    throw explain(error)
  } finally {
    // Closing the connection rolls back whatever was not committed.
    await pool.end()
  }
}

/** What is to be put into the tables of an earlier schema, see {@link applyMigrationsAround}. */
export interface Load {
  /** Names of the migrations that the earlier schema has. */
  migrations: readonly string[]
  /** Makes way, in a database that has whatever tables. */
  prepare(client: pg.PoolClient): Promise<void>
  /** Fills the tables. */
  fill(client: pg.PoolClient): Promise<void>
  /** What is left to do with the tables of the newest schema. */
  finish(client: pg.PoolClient): Promise<void>
}

/**
 * Brings the database to the newest schema by way of an earlier one, whose tables are filled meanwhile. All of it
 * happens in one transaction, under the lock of {@link applyMigrations}: it is done, or nothing is.
 *
 * @throws AtlasError SCHEMA_TOO_NEW where this version does not know the earlier schema's migrations, or not in this order
 */
export async function applyMigrationsAround(
  databaseUrl: string,
  load: Load,
  directory = prismaDirectory(),
): Promise<void> {
  const all = await readMigrations(directory)
  const known = all.migrationDirectories.map((migration) => migration.path)
  const unknown = load.migrations.filter((name, i) => known.at(i) !== name)
  if (unknown.length > 0)
    throw new AtlasError(
      'SCHEMA_TOO_NEW',
      `It has migrations that this version of the atlas does not know (${unknown.join(', ')}): it is of a newer ` +
        'version. Update the atlas.',
    )
  const earlier = { ...all, migrationDirectories: all.migrationDirectories.slice(0, load.migrations.length) }
  await underLock(databaseUrl, async (pool, apply) => {
    // The connection is in turn the caller's and the engine's.
    const withConnection = async (step: (client: pg.PoolClient) => Promise<void>) => {
      const client = await pool.connect()
      await step(client).finally(() => client.release())
    }
    await withConnection(load.prepare)
    await apply(earlier)
    await withConnection(load.fill)
    await apply(all)
    await withConnection(load.finish)
  })
}
