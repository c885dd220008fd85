import { rename, rm, writeFile } from 'node:fs/promises'
import { AtlasError } from '../../compute/errors.ts'
import { writeCsv, writeNdjson, writeParquet, type Columns, type RowSource } from './rowFiles.ts'
import type { AtlasCli } from './session.ts'

/** How to write the files of an export. */
export interface ExportOptions {
  format: 'ndjson' | 'csv' | 'parquet'
  /** Begin of the names; by default made from the path. */
  out?: string
}

/** The files of one export, with one progress bar for all. */
export interface ExportFiles {
  /** Writes a file of rows and answers its name; stops at Ctrl-C. Throws CANNOT_WRITE, and what `batches` throws. */
  write<Row extends object>(
    name: string,
    batches: AsyncIterable<Row[]>,
    columns: Columns<Row>,
  ): Promise<string>
  end(): void
}

const writers = { ndjson: writeNdjson, csv: writeCsv, parquet: writeParquet }

/** @param total rows of all files */
export function startExport(
  cli: AtlasCli,
  kind: RowSource<object>['kind'],
  path: string,
  total: number,
  { format, out }: ExportOptions,
): ExportFiles {
  const prefix = out ?? path.replaceAll(/[/:]/g, '-')
  const progress = cli.output.progress(`export ${path}`)
  let done = 0
  async function* counted<Row>(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
    for await (const batch of batches) {
      cli.signal.throwIfAborted()
      yield batch
      done += batch.length
      progress.update({ done, total })
    }
  }
  return {
    async write(name, batches, columns) {
      const file = `${prefix}.${name}.${format}`
      const source = { batches: counted(batches), columns, kind, path }
      await writeWhole(file, (partial) => writers[format](partial, source))
      return file
    },
    end: () => progress.stop(),
  }
}

/** Writes beside the file and puts it in its place when it is complete. Throws CANNOT_WRITE. */
async function writeWhole(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.part`
  await writeFile(partial, '').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AtlasError(
      'CANNOT_WRITE',
      `The file ${file} cannot be written (${reason}): choose another --out.`,
    )
  })
  try {
    await write(partial)
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
