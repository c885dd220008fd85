import { AtlasError } from '../../compute/errors.ts'
import type { ByteSource } from './bytes.ts'
import { csvLayout, type CsvLayout } from './csvLayout.ts'
import { csvRecords } from './csvRecords.ts'
import { rowsPerBatch, type SampleBatch } from './dataset.ts'
import type { LabelEncoder } from './labelEncoder.ts'
import { parseNumber } from './numberText.ts'
import type { LabelReader, SampleReader } from './reader.ts'

/** Labels read at a time. */
const LABEL_BATCH = 65_536

/**
 * Opens a CSV file with one sample a row. The column of labels is found as `csvLayout` says; all others hold
 * values. Throws EMPTY_DATASET, MALFORMED_CSV, UNKNOWN_COLUMN, and later TRUNCATED_FILE.
 */
export async function openCsv(source: ByteSource, labelColumn: string | undefined): Promise<SampleReader> {
  const layout = csvLayout(await firstRows(source), labelColumn)
  const labelled = layout.labelColumn !== null
  const valueCount = layout.columnCount - (labelled ? 1 : 0)
  return {
    format: 'CSV',
    shape: [valueCount],
    elementType: 'F32',
    inputCount: layout.inputCount,
    classNames: layout.classNames,
    labels: labelled ? 'inline' : null,
    locate: (sample, value) => {
      const column = layout.labelColumn !== null && value >= layout.labelColumn ? value + 1 : value
      return place(source, layout.headerRows + sample, column)
    },
    async *batches(encoder): AsyncGenerator<SampleBatch> {
      let batch = new BatchBuilder(valueCount, labelled)
      for await (const { record, row } of dataRows(source, layout)) {
        for (let column = 0; column < record.length; column++) {
          if (column === layout.labelColumn)
            batch.labels[batch.rows] = encoder.fromText(record[column], () => place(source, row, column))
          else batch.addValue(parseValue(record[column], source, row, column))
        }
        batch.rows++
        if (batch.rows < batch.capacity) continue
        yield batch.finish()
        batch = new BatchBuilder(valueCount, labelled)
      }
      if (batch.rows > 0) yield batch.finish()
    },
  }
}

/** Opens a CSV file of labels: its only column, or the one that `csvLayout` finds. Throws as `openCsv`. */
export async function openCsvLabels(
  source: ByteSource,
  labelColumn: string | undefined,
): Promise<LabelReader> {
  const rows = await firstRows(source)
  const layout = csvLayout(rows, labelColumn ?? (rows[0].length === 1 ? 'first' : undefined))
  const { labelColumn: column } = layout
  if (column === null)
    throw new AtlasError(
      'UNKNOWN_COLUMN',
      `None of the ${layout.columnCount} columns of "${source.name}" is called "label": say which holds the labels.`,
    )
  return {
    count: layout.inputCount,
    async *batches(encoder: LabelEncoder) {
      let labels: number[] = []
      for await (const { record, row } of dataRows(source, layout)) {
        labels.push(encoder.fromText(record[column], () => place(source, row, column)))
        if (labels.length < LABEL_BATCH) continue
        yield Int32Array.from(labels)
        labels = []
      }
      yield Int32Array.from(labels)
    },
  }
}

/** The one or two rows that tell the layout. */
async function firstRows(source: ByteSource): Promise<string[][]> {
  const rows: string[][] = []
  for await (const record of csvRecords(source)) if (rows.push(record) === 2) break
  if (rows.length === 0)
    throw new AtlasError('EMPTY_DATASET', `"${source.name}" has no rows: there is nothing to import.`)
  return rows
}

/** The rows after the header, with their index in the file; all of one length, and as many as were announced. */
async function* dataRows(
  source: ByteSource,
  layout: CsvLayout,
): AsyncGenerator<{ record: string[]; row: number }> {
  const { headerRows, columnCount, inputCount } = layout
  let row = 0
  for await (const record of csvRecords(source)) {
    if (row >= headerRows) {
      if (record.length !== columnCount)
        throw malformed(source, `row ${row + 1} has ${record.length} columns, expected are ${columnCount}`)
      yield { record, row }
    }
    row++
  }
  const count = row - headerRows
  if (inputCount === null || count === inputCount) return
  const counts = `its first row announces ${inputCount} samples, it holds ${count}`
  if (count > inputCount) throw malformed(source, counts)
  throw new AtlasError('TRUNCATED_FILE', `"${source.name}" is cut short: ${counts}. Copy it again.`)
}

function parseValue(text: string, source: ByteSource, row: number, column: number): number {
  const value = parseNumber(text)
  if (value !== null) return value
  const found = text === '' ? 'nothing' : `"${text.slice(0, 40)}"`
  const problem = `row ${row + 1}, column ${column + 1} holds ${found}, where a number belongs`
  throw malformed(source, `${problem}; if that is the column of the labels, say so`)
}

const place = (source: ByteSource, row: number, column: number): string =>
  `"${source.name}", row ${row + 1}, column ${column + 1}`

function malformed(source: ByteSource, problem: string): AtlasError {
  return new AtlasError(
    'MALFORMED_CSV',
    `"${source.name}" cannot be read as CSV: ${problem}. (Blank rows are not counted.)`,
  )
}

/** Values and labels of one batch as they are filled in. */
class BatchBuilder {
  readonly capacity: number
  readonly labels: Int32Array
  readonly #values: Float32Array
  readonly #labelled: boolean
  #valueCount = 0
  rows = 0

  constructor(sampleSize: number, labelled: boolean) {
    this.capacity = rowsPerBatch(sampleSize * Float32Array.BYTES_PER_ELEMENT)
    this.#values = new Float32Array(this.capacity * sampleSize)
    this.labels = new Int32Array(this.capacity)
    this.#labelled = labelled
  }

  addValue(value: number): void {
    this.#values[this.#valueCount++] = value
  }

  finish(): SampleBatch {
    const data = new Uint8Array(this.#values.buffer, 0, this.#valueCount * Float32Array.BYTES_PER_ELEMENT)
    return { data, rows: this.rows, labels: this.#labelled ? this.labels.slice(0, this.rows) : null }
  }
}
