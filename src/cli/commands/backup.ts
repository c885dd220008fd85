import { dump } from '../../store/backup/pgTools.ts'
import { writeBackup } from '../../store/backup/write.ts'
import { startByteProgress } from '../byteProgress.ts'
import { bytes, count, decimal } from '../format.ts'
import { stopwatch } from '../stopwatch.ts'
import type { AtlasCli } from '../session.ts'
import { packageVersion } from '../version.ts'

export interface BackupCommandOptions {
  format: 'atlas' | 'pg_dump'
}

/** `atlas backup`: the whole atlas in one file. */
export async function backupCommand(
  cli: AtlasCli,
  file: string,
  { format }: BackupCommandOptions,
): Promise<void> {
  const seconds = stopwatch()
  const { db } = cli.atlas
  if (format === 'pg_dump') {
    cli.output.note('pg_dump writes the backup; it tells nothing before it is done.')
    const fileBytes = await dump(db, file, cli.signal)
    const took = seconds()
    cli.output.answer(
      { file, format, bytes: fileBytes, seconds: took },
      `${file}  ${bytes(fileBytes)}, ${decimal(took)} s`,
    )
    return
  }
  const progress = startByteProgress(cli.output, `backup ${file}`)
  try {
    const { signal } = cli
    const { fileBytes, tables } = await writeBackup(db, file, packageVersion(), {
      signal,
      onProgress: progress.update,
    })
    const took = seconds()
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const filled = tables.filter((table) => table.rows > 0).length
    cli.output.answer(
      { file, format, bytes: fileBytes, seconds: took, rows, tables },
      `${file}  ${bytes(fileBytes)}, ${count(rows)} rows of ${filled} tables, ${decimal(took)} s`,
    )
  } finally {
    progress.stop()
  }
}
