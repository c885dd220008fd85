import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AtlasError } from '../../compute/errors.ts'
import { MigrationPool } from './adapter.ts'
import { withEngine } from './engine.ts'
import { LOCK_FILE, NO_FILTERS, prismaDirectory, readMigrations, readSchema } from './migrations.ts'

/**
 * Prisma's names for indexes end in _idx or _key. An index of any other name was written by hand into a
 * migration, for what a Prisma schema cannot say, and is left alone.
 */
const DROP_OF_HAND_WRITTEN_INDEX = /^-- DropIndex\nDROP INDEX "[^"]*(?<!_idx|_key)";\n*/gm

const COMMENT = /^--.*$/gm

/**
 * The SQL that leads from the migrations of `directory` to its schema.prisma; empty where they agree. The
 * migrations are replayed in a database made for it on the server of `databaseUrl`, whose user must be
 * allowed to make one; the database that the URL names is not changed.
 */
export async function diffSchema(databaseUrl: string, directory = prismaDirectory()): Promise<string> {
  const [migrations, schema] = await Promise.all([readMigrations(directory), readSchema(directory)])
  const pool = new MigrationPool(databaseUrl)
  try {
    const { stdout } = await withEngine(pool, databaseUrl, schema, (engine) =>
      engine.diff({
        from: { tag: 'migrations', ...migrations },
        to: { tag: 'schemaDatamodel', files: [schema] },
        script: true,
        exitCode: null,
        filters: NO_FILTERS,
      }),
    )
    const script = (stdout ?? '').replace(DROP_OF_HAND_WRITTEN_INDEX, '')
    return script.replace(COMMENT, '').trim() === '' ? '' : script
  } finally {
    await pool.end()
  }
}

/**
 * Beginning of the next migration's name: the time, UTC, as 20261123004512; one more than the newest
 * migration's where that is not earlier, since migrations apply in the order of their names.
 */
async function nextStamp(directory: string): Promise<string> {
  const { migrationDirectories } = await readMigrations(directory)
  const newest = Number.parseInt(migrationDirectories.at(-1)?.path ?? '0')
  const now = Number(new Date().toISOString().replace(/\D/g, '').slice(0, 14))
  return String(Math.max(now, newest + 1))
}

/**
 * Writes `migrations/<timestamp>_<name>/migration.sql` with the SQL that leads from the migrations so far to
 * schema.prisma, and returns its path. It is not applied: read it, and add by hand what a Prisma schema
 * cannot say (an index so added must not end in _idx or _key, or the next migration would drop it).
 *
 * Throws MIGRATION_NAME where `name` is not of the form `add_color`, NO_SCHEMA_CHANGE where there is nothing
 * to migrate.
 */
export async function createMigration(
  name: string,
  databaseUrl: string,
  directory = prismaDirectory(),
): Promise<string> {
  if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name))
    throw new AtlasError(
      'MIGRATION_NAME',
      `"${name}" cannot name a migration: use lower-case letters, digits and underscores, as in add_color.`,
    )
  const script = await diffSchema(databaseUrl, directory)
  if (script === '')
    throw new AtlasError(
      'NO_SCHEMA_CHANGE',
      `There is nothing to migrate: the migrations already lead to schema.prisma. Change it first.`,
    )
  const migrations = path.join(directory, 'migrations')
  const file = path.join(migrations, `${await nextStamp(directory)}_${name}`, 'migration.sql')
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(path.join(migrations, LOCK_FILE.path), LOCK_FILE.content)
  await writeFile(file, script)
  return file
}
