import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { writeCsv, writeNdjson, writeParquet, type Columns } from '#atlas/src/cli/rowFiles.js'
import { folder } from './atlas.ts'

interface Row {
  name: string
  count: number
  label: number | null
  labels: number[]
  margin: number
  entropy: number
  density: number | null
}

const columns: Columns<Row> = {
  name: 'string',
  count: 'int32',
  label: 'nullable int32',
  labels: 'int32 list',
  margin: 'float',
  entropy: 'double',
  density: 'nullable double',
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
// JSON and Parquet both keep the sign of zero out of sight: -0 is no value that a margin can have.
const float = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const row: fc.Arbitrary<Row> = fc.record({
  name: fc.string(),
  count: int32,
  label: fc.option(int32),
  labels: fc.array(int32, { maxLength: 4 }),
  margin: float,
  entropy: double,
  density: fc.option(double),
})
const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 5 }), { maxLength: 30 })

async function* stream(all: Row[][]): AsyncGenerator<Row[]> {
  for (const batch of all) yield batch
}

it('writes NDJSON that reads back as the rows', async () => {
  const path = join(folder, 'rows.ndjson')
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await writeNdjson(path, { batches: stream(all), columns, kind: 'partition', path: 'a/0..1@b' })
      const lines = (await readFile(path, 'utf8')).split('\n')
      expect(lines.pop()).toBe('')
      expect(lines.map((line): unknown => JSON.parse(line))).toEqual(all.flat())
    }),
    { numRuns: 30 },
  )
})

it('writes CSV that reads back as the rows', async () => {
  const path = join(folder, 'rows.csv')
  const text = (value: unknown) => (Array.isArray(value) ? value.join(' ') : String(value ?? ''))
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await writeCsv(path, { batches: stream(all), columns, kind: 'partition', path: 'a/0..1@b' })
      const [header, ...rows]: unknown[] = parse(await readFile(path), { record_delimiter: '\n' })
      const names = Object.keys(columns)
      expect(header).toEqual(names)
      expect(rows).toEqual(all.flat().map((row) => Object.values(row).map(text)))
    }),
    { numRuns: 30 },
  )
})

it('writes Parquet that reads back as the rows, with the path in its metadata', async () => {
  const path = join(folder, 'rows.parquet')
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await writeParquet(path, { batches: stream(all), columns, kind: 'partition', path: 'a/0..1@b' })
      const file = await asyncBufferFromFile(path)
      const metadata = await parquetMetadataAsync(file)
      expect(metadata.key_value_metadata).toEqual([{ key: 'partition', value: 'a/0..1@b' }])
      // Twelve batches a row group.
      expect(metadata.row_groups).toHaveLength(Math.ceil(all.length / 12))
      expect(await parquetReadObjects({ file })).toEqual(all.flat())
    }),
    { numRuns: 60 },
  )
})

it('fails where the source fails', async () => {
  async function* broken(): AsyncGenerator<Row[]> {
    yield []
    throw new Error('gone')
  }
  const source = { columns, kind: 'partition' as const, path: 'a/0..1@b' }
  await expect(writeNdjson(join(folder, 'x'), { ...source, batches: broken() })).rejects.toThrow('gone')
  await expect(writeParquet(join(folder, 'y'), { ...source, batches: broken() })).rejects.toThrow('gone')
})
