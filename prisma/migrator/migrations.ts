import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { SchemaFile } from './engine.ts'

/** Nothing in the database is managed by others. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** Names the database that the migrations are written for. Prisma's own tools want it as a file. */
export const LOCK_FILE = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' }

/** The package's prisma/ folder, found from the source and from the built code alike. */
export function prismaDirectory(): string {
  let directory = import.meta.dirname
  while (!existsSync(path.join(directory, 'package.json'))) directory = path.dirname(directory)
  return path.join(directory, 'prisma')
}

/** schema.prisma of `directory`. */
export async function readSchema(directory: string): Promise<SchemaFile> {
  const file = path.join(directory, 'schema.prisma')
  return { path: file, content: await readFile(file, 'utf8') }
}

/** The migrations of `directory`, oldest first (their names begin with the time); none where it has none. */
export async function readMigrations(directory: string): Promise<MigrationList> {
  const baseDir = path.join(directory, 'migrations')
  const entries = existsSync(baseDir) ? await readdir(baseDir, { withFileTypes: true }) : []
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return {
    baseDir,
    lockfile: LOCK_FILE,
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => {
        const script = await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8')
        return {
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
        }
      }),
    ),
  }
}

/** Names of this version's migrations, oldest first. */
export async function migrationNames(directory = prismaDirectory()): Promise<string[]> {
  const { migrationDirectories } = await readMigrations(directory)
  return migrationDirectories.map((migration) => migration.path)
}
