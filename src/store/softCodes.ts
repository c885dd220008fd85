/** The distances from which the confidence of smooth gates' bits follows: one byte a bit, beside the codes. */
import { copyOutBytes } from './copyOut.ts'
import { sql, type Database } from './database.ts'
import { integersOf } from './encoding.ts'
import { layerPartLoader } from './layerCodes.ts'
import type { DatasetRow, PartitionRow } from './models.ts'
import type { RegionSelection } from './regionCodes.ts'

/** Loader of the distances of one layer for one sample, by (network, dataset, layer, input), or null. */
export function softCodeLoaders(db: Database) {
  return {
    distances: layerPartLoader(db, 'distances'),
  }
}

/** The sites of a selection in one chunk of the dataset, and the chunk's distances. */
export interface DistanceChunk {
  /** Of the chunk: the input that its rows begin with. */
  firstInput: number
  /** Input and position of a site, then of the next. */
  sites: Int32Array
  /** By layer asked for: rows x positions x bits; null where they are not stored. */
  layers: (Buffer | null)[]
}

/** The sites of the selected regions, inputs or label, chunk by chunk, with the distances of some layers. */
export async function* readSelectedDistances(
  db: Database,
  { id, networkId }: PartitionRow,
  { id: datasetId, chunkSize }: DatasetRow,
  layers: readonly number[],
  selection: RegionSelection,
): AsyncGenerator<DistanceChunk> {
  const selected = `from membership where partition_id = ${id} and ${siteCondition(datasetId, selection)}`
  const chunks = await copyOutBytes(db, `select distinct int4send(input_index / ${chunkSize}) ${selected}`)
  for (const index of integersOf(chunks).sort()) {
    const firstInput = index * chunkSize
    const query = `select int4send(input_index) || int4send(position) ${selected}
      and input_index >= ${firstInput} and input_index < ${firstInput + chunkSize}`
    const sites = integersOf(await copyOutBytes(db, query))
    const rows = await db.query<{ layer: number; distances: Buffer | null }>(
      sql`select layer, distances from code_chunk where network_id = ${networkId} and dataset_id = ${datasetId}
            and index = ${index} and layer = any(${layers}::int4[])`,
    )
    const stored = new Map(rows.map(({ layer, distances }) => [layer, distances]))
    yield { firstInput, sites, layers: layers.map((layer) => stored.get(layer) ?? null) }
  }
}

/** As text, which COPY wants; all that is put in are whole numbers. */
function siteCondition(datasetId: number, selection: RegionSelection): string {
  if (selection.by === 'cluster')
    return `region in (select m.region from region_cluster m where m.clustering_id = ${selection.clusteringId}
      and m.cluster = ${selection.index})`
  if (selection.by === 'regions') return `region = any('{${selection.indices.join(',')}}'::int4[])`
  if (selection.by === 'inputs') return `input_index = any('{${selection.indices.join(',')}}'::int4[])`
  return `input_index in (select index from input where dataset_id = ${datasetId} and label = ${selection.label})`
}
