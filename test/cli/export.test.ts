import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { beforeAll, expect, it } from 'vitest'
import { useDatabase, withClient } from '../support/database.ts'
import { atlas, atlasHere, atlasJson, folder, writePointsCsv, writeQuadrantsNetwork } from './atlas.ts'

const database = useDatabase()
const json = (...args: string[]) => atlasJson(database.url, args, '', atlasHere)
const prefix = join(folder, 'out')

/** What SQL says the files must hold; float4 as the shortest text that reads back, as Postgres writes it. */
const REGIONS = `select 'quadrants/0..1@points' as partition, r.index as region,
    replace(r.code_hash::text, '-', '') as "codeHash", r.bit_count as "bitCount", encode(c.bits, 'hex') as code,
    r.member_count as "memberCount", r.active_bit_count as "activeBitCount", r.exemplar_input as "exemplarInput",
    r.exemplar_position as "exemplarPosition", r.label, r.labels, r.label_counts as "labelCounts",
    r.label_entropy as "labelEntropy", r.purity, r.margin
  from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count order by r.index`
const MEMBERSHIPS = `select 'quadrants/0..1@points' as partition, m.input_index as input, m.position, m.region, i.label,
    m.margin from membership m join input i on i.index = m.input_index order by m.input_index, m.position`

type Row = Record<string, unknown>

async function expected(statement: string): Promise<Row[]> {
  return withClient(database.url, async (client) => (await client.query<Row>(statement)).rows)
}

/** Parquet keeps margins as float32; NDJSON as the shortest decimal. */
const asFloat32 = (rows: Row[]) => rows.map((row) => ({ ...row, margin: Math.fround(Number(row.margin)) }))

beforeAll(async () => {
  await json('import', 'network', await writeQuadrantsNetwork('quadrants'))
  await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
  await json('partition', 'quadrants', 'points')
})

it('writes what the database holds as NDJSON', async () => {
  expect(await json('export', 'quadrants/0..1@points', '--out', prefix)).toEqual({
    partition: 'quadrants/0..1@points',
    format: 'ndjson',
    regions: { file: `${prefix}.regions.ndjson`, rows: 4 },
    memberships: { file: `${prefix}.memberships.ndjson`, rows: 8 },
  })
  const read = async (file: string) => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    return lines.map((line): unknown => JSON.parse(line))
  }
  expect(await read(`${prefix}.regions.ndjson`)).toEqual(await expected(REGIONS))
  expect(await read(`${prefix}.memberships.ndjson`)).toEqual(await expected(MEMBERSHIPS))
})

it('writes what the database holds as Parquet', async () => {
  await json('export', 'quadrants/0..1@points', '--format', 'parquet', '--out', prefix)
  const read = async (path: string) => {
    const file = await asyncBufferFromFile(path)
    const { key_value_metadata } = await parquetMetadataAsync(file)
    expect(key_value_metadata).toEqual([{ key: 'partition', value: 'quadrants/0..1@points' }])
    return parquetReadObjects({ file })
  }
  expect(await read(`${prefix}.regions.parquet`)).toEqual(asFloat32(await expected(REGIONS)))
  expect(await read(`${prefix}.memberships.parquet`)).toEqual(asFloat32(await expected(MEMBERSHIPS)))
})

it('names the place that cannot be written, and leaves no half of a file anywhere', async () => {
  const { code, stderr } = await atlas(database.url, [
    'export',
    'quadrants/0..1@points',
    '--out',
    join(folder, 'no', 'x'),
  ])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error CANNOT_WRITE: /)
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
})
