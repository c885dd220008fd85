import { rename, rm, writeFile } from 'node:fs/promises'
import { AtlasError } from '../../../compute/errors.ts'
import {
  exportMemberships,
  exportRegions,
  type ExportedMembership,
  type ExportedRegion,
} from '../../store/exportRows.ts'
import { count } from '../format.ts'
import { findReadyPartition } from '../resolve.ts'
import { writeNdjson, writeParquet, type Columns, type RowSource } from '../rowFiles.ts'
import type { AtlasCli } from '../session.ts'
import { partitionView } from '../views.ts'

export interface ExportOptions {
  format: 'ndjson' | 'parquet'
  out?: string
}

const regionColumns: Columns<ExportedRegion> = {
  partition: 'string',
  region: 'int32',
  codeHash: 'string',
  bitCount: 'int32',
  code: 'string',
  memberCount: 'int32',
  activeBitCount: 'int32',
  exemplarInput: 'int32',
  exemplarPosition: 'int32',
  label: 'nullable int32',
  labels: 'int32 list',
  labelCounts: 'int32 list',
  labelEntropy: 'double',
  purity: 'double',
  margin: 'float',
}

const membershipColumns: Columns<ExportedMembership> = {
  partition: 'string',
  input: 'int32',
  position: 'int32',
  region: 'int32',
  label: 'nullable int32',
  margin: 'float',
}

/** `atlas export`: two files, each there whole or not at all. */
export async function exportCommand(cli: AtlasCli, given: string, options: ExportOptions): Promise<void> {
  const { db } = cli.atlas
  const row = await findReadyPartition(cli.loaders, given)
  const { path } = await partitionView(cli.loaders, row)
  const prefix = options.out ?? path.replaceAll('/', '-')
  const subject = { ...row, path }
  const progress = cli.output.progress(`export ${path}`)
  let done = 0
  /** The same batches, counted; stops at Ctrl-C. */
  async function* counted<Row>(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
    for await (const batch of batches) {
      cli.signal.throwIfAborted()
      yield batch
      done += batch.length
      progress.update({ done, total: row.regionCount + row.siteCount })
    }
  }
  const regionsFile = `${prefix}.regions.${options.format}`
  const membershipsFile = `${prefix}.memberships.${options.format}`
  try {
    const regions = counted(exportRegions(db, subject))
    await writeWhole(regionsFile, options, { batches: regions, columns: regionColumns, partition: path })
    const memberships = counted(exportMemberships(db, subject))
    await writeWhole(membershipsFile, options, {
      batches: memberships,
      columns: membershipColumns,
      partition: path,
    })
  } finally {
    progress.stop()
  }
  cli.output.answer(
    {
      partition: path,
      format: options.format,
      regions: { file: regionsFile, rows: row.regionCount },
      memberships: { file: membershipsFile, rows: row.siteCount },
    },
    `${regionsFile}  ${count(row.regionCount)} regions\n${membershipsFile}  ${count(row.siteCount)} memberships`,
  )
}

/** Writes beside the file and puts it in its place when it is complete. Throws CANNOT_WRITE. */
async function writeWhole<Row extends object>(
  file: string,
  { format }: ExportOptions,
  source: RowSource<Row>,
): Promise<void> {
  const partial = `${file}.part`
  await writeFile(partial, '').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AtlasError(
      'CANNOT_WRITE',
      `The file ${file} cannot be written (${reason}): choose another --out.`,
    )
  })
  try {
    await (format === 'parquet' ? writeParquet : writeNdjson)(partial, source)
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
