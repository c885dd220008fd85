import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { AtlasError } from '../../compute/errors.ts'
import type { ByteSource } from './bytes.ts'

/** Longest row in bytes; a row of a million values of 15 digits fits. */
const MAX_ROW_BYTES = 1 << 24

/** The rows of a CSV file (RFC 4180: comma, double quotes) without blank ones. Throws MALFORMED_CSV. */
export async function* csvRecords(source: ByteSource): AsyncGenerator<string[]> {
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
  })
  // The iteration below gets the errors of the source too.
  const fed = pipeline(source.chunks(), parser).catch(() => undefined)
  try {
    for await (const record of parser) yield record
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new AtlasError('MALFORMED_CSV', `"${source.name}" cannot be read as CSV: ${error.message}.`)
  } finally {
    parser.destroy()
    await fed
  }
}
