/** Files of flat rows, written batch by batch: NDJSON, CSV and Parquet. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import type { SchemaElement } from 'hyparquet-writer'

/** The Parquet type of a column; `int32 list` is a list without nulls. */
export type ColumnType =
  'string' | 'int32' | 'nullable int32' | 'int32 list' | 'float' | 'double' | 'nullable double'

/** Every column of a row, in the order of the file. */
export type Columns<Row> = Record<keyof Row & string, ColumnType>

/** Rows of an entity, and how to write them. */
export interface RowSource<Row extends object> {
  batches: AsyncIterable<readonly Row[]>
  columns: Columns<Row>
  kind: 'partition' | 'clustering' | 'segments'
  /** Path of the entity, which a Parquet file's metadata has under its kind. */
  path: string
}

/** One JSON object a line. */
export function writeNdjson<Row extends object>(path: string, source: RowSource<Row>): Promise<void> {
  return writeLines(path, '', source.batches, (row) => JSON.stringify(row))
}

/** CSV with a header line (RFC 4180, lines end with a line feed); nothing where there is no value, lists with spaces. */
export function writeCsv<Row extends object>(path: string, source: RowSource<Row>): Promise<void> {
  const names = namesOf(source.columns)
  return writeLines(path, `${names.join(',')}\n`, source.batches, (row) =>
    names.map((name) => cellOf(row[name])).join(','),
  )
}

function cellOf(value: unknown): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeLines<Row>(
  path: string,
  header: string,
  batches: AsyncIterable<readonly Row[]>,
  lineOf: (row: Row) => string,
): Promise<void> {
  const file = createWriteStream(path)
  const done = finished(file)
  // Reported by `await done`; until then a failure must not count as unhandled.
  done.catch(() => undefined)
  try {
    file.write(header)
    for await (const batch of batches) {
      const lines = batch.map((row) => `${lineOf(row)}\n`).join('')
      if (!file.write(lines)) await Promise.race([once(file, 'drain'), done])
    }
  } catch (error) {
    file.destroy()
    await done.catch(() => undefined)
    throw error
  }
  file.end()
  await done
}

function namesOf<Row extends object>(columns: Columns<Row>): (keyof Row & string)[] {
  return Object.keys(columns).filter((name): name is keyof Row & string => name in columns)
}

/** Batches of one row group: about 100,000 rows where rows are small. */
const BATCHES_A_GROUP = 12

/** Parquet with Snappy compression; one row group is in memory at a time. */
export async function writeParquet<Row extends object>(path: string, source: RowSource<Row>): Promise<void> {
  const names = namesOf(source.columns)
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: parquetSchema(source.columns),
    kvMetadata: [{ key: source.kind, value: source.path }],
    createdBy: 'polytope-atlas',
  })
  let group: Row[] = []
  let batches = 0
  const writeGroup = async () => {
    if (group.length === 0) return
    const rows = group
    group = []
    batches = 0
    const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }))
    await writer.write({ columnData, rowGroupSize: rows.length })
  }
  for await (const batch of source.batches) {
    group.push(...batch)
    if (++batches === BATCHES_A_GROUP) await writeGroup()
  }
  await writeGroup()
  await writer.finish()
}

function parquetSchema(columns: Record<string, ColumnType>): SchemaElement[] {
  const elements = Object.entries(columns).flatMap(([name, type]) => columnSchema(name, type))
  return [{ name: 'root', num_children: Object.keys(columns).length }, ...elements]
}

function columnSchema(name: string, type: ColumnType): SchemaElement[] {
  switch (type) {
    case 'string':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }]
    case 'int32':
      return [{ name, type: 'INT32', repetition_type: 'REQUIRED' }]
    case 'nullable int32':
      return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }]
    case 'float':
      return [{ name, type: 'FLOAT', repetition_type: 'REQUIRED' }]
    case 'double':
      return [{ name, type: 'DOUBLE', repetition_type: 'REQUIRED' }]
    case 'nullable double':
      return [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }]
    case 'int32 list':
      return [
        { name, converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
      ]
  }
}
