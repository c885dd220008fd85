import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Executor, type Sql } from './database.ts'
import type { DatasetRow, InputRow, TokenRow } from './models.ts'
import type { Order } from './page.ts'

const COLUMNS =
  raw(`d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount",
  d.element_type as "elementType", d.scale, d.token_style as "tokenStyle",
  d.token_count as "tokenCount", d.chunk_size as "chunkSize",
  d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt"`)
const INPUT_COLUMNS = raw('i.dataset_id as "datasetId", i.index, i.label')

export const datasetOrder: Order = { columns: [['d.name', 'text']] }
export const inputOrder: Order = { columns: [['i.index', 'int4']] }

/** Loaders of datasets and their samples; one set a request. */
export function datasetLoaders(db: Executor) {
  return {
    datasetById: tupleLoader<[number], DatasetRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<DatasetRow>(
        sql`select ${COLUMNS} from dataset d where d.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    datasetByName: tupleLoader<[string], DatasetRow | null>(async (keys) => {
      const names = keys.map(([name]) => name)
      const rows = await db.query<DatasetRow>(
        sql`select ${COLUMNS} from dataset d where d.name = any(${names}::text[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.name])
    }),
    datasets: pageLoader<DatasetRow>(db, { columns: COLUMNS, from: raw('dataset d'), parent: [] }),
    /** By (dataset, index). */
    input: tupleLoader<[number, number], InputRow | null>(async (keys) => {
      const [datasets, indices] = columnsOf(keys, 2)
      const rows = await db.query<InputRow>(
        sql`select ${INPUT_COLUMNS} from unnest(${datasets}::int4[], ${indices}::int4[]) k(dataset_id, index)
            join input i using (dataset_id, index)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.datasetId, row.index])
    }),
    inputs: pageLoader<InputRow>(db, {
      columns: INPUT_COLUMNS,
      from: raw('input i'),
      parent: [['i.dataset_id', 'int4']],
    }),
    /** The string of a token id, by (dataset, id). */
    token: tupleLoader<[number, number], TokenRow | null>(async (keys) => {
      const [datasets, ids] = columnsOf(keys, 2)
      const rows = await db.query<TokenRow>(
        sql`select t.dataset_id as "datasetId", t.id, t.text
            from unnest(${datasets}::int4[], ${ids}::int4[]) k(dataset_id, id) join token t using (dataset_id, id)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.datasetId, row.id])
    }),
    /** Raw bytes of one sample, cut from its chunk by Postgres; by (dataset, index). */
    rawValues: tupleLoader<[number, number], Buffer | null>(async (keys) => {
      const [datasets, indices] = columnsOf(keys, 2)
      const rows = await db.query<{ dataset_id: number; index: number; raw: Buffer }>(
        sql`select k.dataset_id, k.index,
              substring(c.data from (k.index % d.chunk_size) * d.sample_byte_count + 1 for d.sample_byte_count) as raw
            from unnest(${datasets}::int4[], ${indices}::int4[]) k(dataset_id, index)
            join dataset d on d.id = k.dataset_id
            join dataset_chunk c on c.dataset_id = k.dataset_id and c.index = k.index / d.chunk_size`,
      )
      const found = inKeyOrder(keys, rows, (row) => [row.dataset_id, row.index])
      return found.map((row) => row?.raw ?? null)
    }),
  }
}

/** Condition for samples with one label. */
export function labelFilter(label: number): Sql {
  return sql`i.label = ${label}::int4`
}
