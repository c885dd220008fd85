import { AtlasError } from '../../../compute/errors.ts'
import { checkBackup, restoreBackup, restoreDumped } from '../../jobs/restore.ts'
import { recogniseBackup } from '../../store/backup/read.ts'
import { startByteProgress } from '../byteProgress.ts'
import { count, decimal } from '../format.ts'
import { stopwatch } from '../stopwatch.ts'
import { runWithAtlas, type AtlasCli, type Cli } from '../session.ts'

export interface RestoreCommandOptions {
  check?: boolean
}

/** `atlas restore`: what `atlas backup` wrote becomes an atlas again; with `--check` it is only read. */
export async function restoreCommand(cli: Cli, file: string, options: RestoreCommandOptions): Promise<void> {
  const format = await recogniseBackup(file)
  if (options.check === true) {
    if (format === 'pg_dump')
      throw new AtlasError(
        'NO_CHECKSUMS',
        `${file} was written by pg_dump, whose format has no checksums: restore it into an empty database to check it.`,
      )
    return check(cli, file)
  }
  await runWithAtlas(cli, (on) => (format === 'atlas' ? restoreOwn(on, file) : restorePgDump(on, file)))
}

async function check(cli: Cli, file: string): Promise<void> {
  const seconds = stopwatch()
  const progress = startByteProgress(cli.output, `check ${file}`)
  try {
    const { header, manifest } = await checkBackup(file, { signal: cli.signal, onProgress: progress.update })
    const { atlas, createdAt } = header
    const { tables } = manifest
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const took = seconds()
    cli.output.answer(
      { file, format: 'atlas', atlas, createdAt, seconds: took, rows, tables },
      `${file} is as it was written on ${createdAt} by the atlas ${atlas}: ${count(rows)} rows, ${decimal(took)} s`,
    )
  } finally {
    progress.stop()
  }
}

async function restoreOwn(cli: AtlasCli, file: string): Promise<void> {
  const seconds = stopwatch()
  const progress = startByteProgress(cli.output, `restore ${file}`)
  try {
    const { signal } = cli
    const restored = await restoreBackup(cli.atlas.db, file, { signal, onProgress: progress.update })
    const { atlas, createdAt } = restored.header
    const took = seconds()
    cli.output.answer(
      { file, format: 'atlas', atlas, createdAt, seconds: took, queuedJobs: restored.queued },
      `The atlas of ${createdAt} is restored: ${decimal(took)} s${jobsQueued(restored.queued)}.`,
    )
  } finally {
    progress.stop()
  }
}

async function restorePgDump(cli: AtlasCli, file: string): Promise<void> {
  const seconds = stopwatch()
  cli.output.note('pg_restore brings the backup back; it tells nothing before it is done.')
  const queued = await restoreDumped(cli.atlas.db, file, cli.signal)
  const took = seconds()
  cli.output.answer(
    { file, format: 'pg_dump', seconds: took, queuedJobs: queued },
    `The atlas of ${file} is restored: ${decimal(took)} s${jobsQueued(queued)}.`,
  )
}

function jobsQueued(queued: number): string {
  return queued === 0 ? '' : `, ${count(queued)} ${queued === 1 ? 'job' : 'jobs'} queued again`
}
