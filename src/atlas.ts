import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { applyMigrations } from '../prisma/migrator/index.ts'
import { prepareQueue } from './jobs/queue.ts'
import type { Settings } from './settings.ts'
import { openDatabase, type Database, type DatabaseOptions } from './store/database.ts'
import { startPostgres } from './store/postgres/index.ts'

/** An atlas ready for use: its Postgres runs and has the tables of this version. */
export interface Atlas {
  db: Database
  url: string
  /** Closes the connections, and the embedded Postgres where nobody else uses it. */
  close(): Promise<void>
}

/** Where an atlas is. */
export type Place = Pick<Settings, 'home' | 'databaseUrl'>

/**
 * Opens the atlas of DATABASE_URL, or the embedded one of ATLAS_HOME: attached to where it runs, started where
 * it does not. `onLog` hears what happens, a line a time.
 */
export async function openAtlas(
  settings: Place,
  onLog: (line: string) => void,
  options: DatabaseOptions = {},
): Promise<Atlas> {
  const postgres = settings.databaseUrl === undefined ? await startEmbedded(settings, onLog) : null
  const url = postgres?.url ?? settings.databaseUrl ?? ''
  const db = openDatabase(url, options)
  const close = async () => {
    await db.close()
    await postgres?.stop()
  }
  try {
    const applied = await applyMigrations(url)
    if (applied.length > 0) onLog(`Applied ${applied.length} database migrations.`)
    await prepareQueue(db)
  } catch (error) {
    await close()
    throw error
  }
  return { db, url, close }
}

async function startEmbedded(settings: Place, onLog: (line: string) => void) {
  await mkdir(settings.home, { recursive: true })
  return startPostgres({ dataDir: join(settings.home, 'postgres'), onLog })
}
