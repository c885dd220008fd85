import { inKeyOrder, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database } from './database.ts'

/** Loader of one layer's stored code of one sample, by (network, dataset, layer, input), or null. */
export function layerCodeLoaders(db: Database) {
  return {
    /** positions x ceil(units / 8) bytes, see CodeChunk in prisma/schema.prisma. */
    layerCode: layerPartLoader(db, 'codes'),
  }
}

/** Loader of what a column of `code_chunk` holds of one sample, by (network, dataset, layer, input), or null. */
export function layerPartLoader(db: Database, column: 'codes' | 'distances') {
  return tupleLoader<[number, number, number, number], Buffer | null>(async (keys) => {
    const [networks, datasets, layers, inputs] = columnsOf(keys, 4)
    const rows = await db.query<LayerPartRow>(
      sql`select k.network_id, k.dataset_id, k.layer, k.input,
            substring(c.${raw(column)} from (k.input % d.chunk_size) * o.bytes + 1 for o.bytes) as part
          from unnest(${networks}::int4[], ${datasets}::int4[], ${layers}::int4[], ${inputs}::int4[])
            k(network_id, dataset_id, layer, input)
          join dataset d on d.id = k.dataset_id
          join code_chunk c on c.network_id = k.network_id and c.dataset_id = k.dataset_id and c.layer = k.layer
            and c.index = k.input / d.chunk_size
          cross join lateral (select octet_length(c.${raw(column)})
            / least(d.chunk_size, d.input_count - c.index * d.chunk_size) as bytes) o`,
    )
    const found = inKeyOrder(keys, rows, (row) => [row.network_id, row.dataset_id, row.layer, row.input])
    return found.map((row) => row?.part ?? null)
  })
}

interface LayerPartRow {
  network_id: number
  dataset_id: number
  layer: number
  input: number
  part: Buffer | null
}
