import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { applyMigrations } from '#atlas/prisma/migrator/index.js'
import { startPostgres } from '#atlas/src/store/postgres/index.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of a database on the Postgres of this run, from which others are made. */
    postgresUrl: string
    /** A folder for files of tests, removed after the run. */
    folder: string
  }
}

/** The database that each test file gets a copy of: the tables of this version, empty. */
export const TEMPLATE = 'atlas_template'

/** Runs `work` with one connection to `url`. */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** `url` with another database. */
export function withDatabase(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${database}`
  return result.href
}

/** Starts one embedded Postgres for the whole run, in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(tmpdir(), 'atlas-test-'))
  // Run as root, Postgres has another account, which must be able to enter.
  await chmod(home, 0o711)
  const postgres = await startPostgres({ dataDir: path.join(home, 'postgres') })
  await withClient(postgres.url, async (client) => {
    // The data lives as long as the run: nothing needs to survive a power cut.
    await client.query('ALTER SYSTEM SET fsync = off')
    await client.query('SELECT pg_reload_conf()')
    await client.query(`CREATE DATABASE ${TEMPLATE}`)
  })
  await applyMigrations(withDatabase(postgres.url, TEMPLATE))
  project.provide('postgresUrl', postgres.url)
  project.provide('folder', home)
  return async () => {
    await withClient(postgres.url, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND datname <> 'atlas'`,
      ),
    )
    await postgres.stop()
    const moved = await readFile(path.join(home, 'postgres.location'), 'utf8').catch(() => undefined)
    if (moved !== undefined) await rm(moved, { recursive: true })
    await rm(home, { recursive: true })
  }
}
