/** Backups by Postgres' own tools, where they are on the PATH and at least as new as the server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { AtlasError } from '../../../compute/errors.ts'
import { raw, type Database } from '../database.ts'
import { MIGRATIONS_TABLE } from './catalog.ts'
import { damaged } from './frames.ts'
import { whole } from './write.ts'

type Tool = 'pg_dump' | 'pg_restore'

/**
 * Writes a dump in pg_dump's custom format. The queue's schema stays out: a restore queues its jobs again.
 * Answers the bytes of the file. Throws NO_PG_TOOLS, PG_TOOL_FAILED, CANNOT_WRITE.
 */
export async function dump(db: Database, file: string, signal: AbortSignal): Promise<number> {
  await checkTool('pg_dump', await serverVersion(db))
  return whole(file, async (partial) => {
    const options = ['--format=custom', '--no-owner', '--no-privileges', '--exclude-schema=graphile_worker']
    await run('pg_dump', [...options, `--file=${partial}`, ...connection(db.url)], db.url, signal)
    return (await stat(partial)).size
  })
}

/** Names of the migrations that a dump's atlas had. Throws NO_PG_TOOLS, BACKUP_DAMAGED. */
export async function readDumpedMigrations(
  db: Database,
  file: string,
  signal: AbortSignal,
): Promise<string[]> {
  await checkTool('pg_restore', await serverVersion(db))
  const options = ['--data-only', `--table=${MIGRATIONS_TABLE}`, '--file=-']
  const script = await run('pg_restore', [...options, file], db.url, signal).catch((error: unknown) =>
    Promise.reject(signal.aborted ? error : damaged('pg_restore cannot read it', error)),
  )
  const [, columns, rows] = /^COPY \S+ \(([^)]*)\) FROM stdin;\n([^]*?)^\\\.$/m.exec(script) ?? []
  const column = columns?.split(', ').indexOf('migration_name') ?? -1
  if (column < 0) throw damaged('it is no dump of an atlas')
  return rows
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split('\t')[column])
}

/** Brings a dump into a database without the tables of an atlas, in one transaction. Throws PG_TOOL_FAILED. */
export async function restoreDump(db: Database, file: string, signal: AbortSignal): Promise<void> {
  const options = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges']
  await run('pg_restore', [...options, ...connection(db.url), file], db.url, signal)
}

async function serverVersion(db: Database): Promise<number> {
  const [{ major }] = await db.query<{ major: number }>(
    raw(`select current_setting('server_version_num')::int4 / 10000 as major`),
  )
  return major
}

async function checkTool(tool: Tool, server: number): Promise<void> {
  const said = await run(tool, ['--version'], '', AbortSignal.timeout(10_000)).catch(() => '')
  const major = Number(/(\d+)[.\d]*/.exec(said)?.[1] ?? 0)
  if (major >= server) return
  const found =
    major === 0 ? `there is no ${tool} on the PATH` : `the ${tool} on the PATH is of Postgres ${major}`
  throw new AtlasError(
    'NO_PG_TOOLS',
    `The database is Postgres ${server}, but ${found}: install the client tools of Postgres ${server} or newer, or use ` +
      'the atlas’s own format, which needs none (--format atlas).',
  )
}

/** The database without its password, which others could read in the list of processes. */
function connection(url: string): string[] {
  const shown = new URL(url)
  shown.password = ''
  return [`--dbname=${shown.href}`]
}

/** Runs a tool to its end and answers what it said. */
async function run(tool: Tool, args: string[], url: string, signal: AbortSignal): Promise<string> {
  const password = url === '' ? '' : decodeURIComponent(new URL(url).password)
  const env = password === '' ? process.env : { ...process.env, PGPASSWORD: password }
  const child = spawn(tool, args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]).catch((error: unknown) => Promise.reject(signal.aborted ? signal.reason : error))
  if (code === 0) return out
  throw new AtlasError('PG_TOOL_FAILED', `${tool} failed (${complaint.trim()}): mend that, and try again.`)
}
