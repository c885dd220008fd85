/** What the encoding of a dataset by a network reads and writes: chunks of samples, codes and predictions. */
import { bytesOf } from './bytesOf.ts'
import { copyOut, copyOutBytes } from './copyOut.ts'
import { join, sql, type Database, type Executor } from './database.ts'

export interface EncodedLayer {
  layer: number
  /** rows x positions x ceil(units / 8) bytes */
  codes: Uint8Array
  /** float32, rows x positions */
  margins: Float32Array
  /** rows x positions x bits, of a layer that is not exact; see compute/codes/distances.ts */
  distances: Uint8Array | null
  absSum: number
  count: number
}

/** Raw samples of the given chunks of a dataset, in ascending order. */
export async function* readDatasetChunks(
  db: Database,
  datasetId: number,
  indices: readonly number[],
): AsyncGenerator<Buffer> {
  const query = `select data from dataset_chunk where dataset_id = ${datasetId}
    and index = any('{${indices.join(',')}}'::int4[]) order by index`
  for await (const [data] of copyOut(db, query)) if (data) yield data
}

/** Chunks of which every layer of the span, and the predictions, are stored. */
export async function readEncodedChunks(
  db: Database,
  networkId: number,
  datasetId: number,
  fromLayer: number,
  toLayer: number,
): Promise<Set<number>> {
  const rows = await db.query<{ index: number }>(
    sql`select c.index from code_chunk c
        join prediction_chunk using (network_id, dataset_id, index)
        where c.network_id = ${networkId} and c.dataset_id = ${datasetId}
          and c.layer between ${fromLayer} and ${toLayer}
        group by c.index having count(*) = ${toLayer - fromLayer + 1}`,
  )
  return new Set(rows.map((row) => row.index))
}

/** Which of some networks have the codes of a span, and the predictions, stored for all of a dataset. */
export async function readEncodedNetworks(
  on: Executor,
  networkIds: readonly number[],
  dataset: { id: number; inputCount: number; chunkSize: number },
  fromLayer: number,
  toLayer: number,
): Promise<Set<number>> {
  const chunks = Math.ceil(dataset.inputCount / dataset.chunkSize)
  const rows = await on.query<{ id: number }>(
    sql`select c.network_id as id from code_chunk c
        join prediction_chunk using (network_id, dataset_id, index)
        where c.network_id = any(${networkIds}::int4[]) and c.dataset_id = ${dataset.id}
          and c.layer between ${fromLayer} and ${toLayer}
        group by c.network_id having count(*) = ${chunks * (toLayer - fromLayer + 1)}`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** The datasets of which the codes of all layers, so many each, and the predictions are stored for all of some networks. */
export async function readEncodedDatasets(
  on: Executor,
  networkIds: readonly number[],
  layerCount: number,
): Promise<number[]> {
  const rows = await on.query<{ id: number }>(
    sql`select d.id from code_chunk c
        join prediction_chunk using (network_id, dataset_id, index)
        join dataset d on d.id = c.dataset_id
        where c.network_id = any(${networkIds}::int4[])
        group by d.id
        having count(*) = ceil(d.input_count::float8 / d.chunk_size) * ${networkIds.length * layerCount}
        order by d.name`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Stores one chunk's codes and predictions, in one statement and so all or nothing; storing a chunk again
 * changes nothing. The commit does not wait for the disk: should Postgres itself crash in that moment, the chunk
 * counts as not done and is encoded again; the partition's own commit, which does wait, covers all before it.
 */
export async function writeEncodedChunk(
  on: Executor,
  networkId: number,
  datasetId: number,
  index: number,
  layers: readonly EncodedLayer[],
  scores: Float32Array,
): Promise<void> {
  const rows = layers.map(
    (
      l,
    ) => sql`(${networkId}::int4, ${datasetId}::int4, ${l.layer}::int4, ${index}::int4, ${bytesOf(l.codes)}::bytea,
      ${bytesOf(l.margins)}::bytea, ${l.distances && bytesOf(l.distances)}::bytea, ${l.absSum}::float8, ${l.count}::int8)`,
  )
  await on.query(
    sql`with codes as (
          insert into code_chunk (network_id, dataset_id, layer, index, codes, margins, distances,
            absolute_sum, count)
          values ${join(rows)} on conflict do nothing
        )
        insert into prediction_chunk (network_id, dataset_id, index, scores)
        select ${networkId}::int4, ${datasetId}::int4, ${index}::int4, ${bytesOf(scores)}::bytea
        from set_config('synchronous_commit', 'off', true) on conflict do nothing`,
  )
}

/** The mean |pre-activation - threshold| of each layer of a span over the dataset: the margins' scale. */
export async function readLayerScales(
  db: Executor,
  networkId: number,
  datasetId: number,
  fromLayer: number,
  toLayer: number,
): Promise<number[]> {
  const rows = await db.query<{ scale: number }>(
    sql`select coalesce(sum(absolute_sum) / nullif(sum(count), 0), 0)::float8 as scale from code_chunk
        where network_id = ${networkId} and dataset_id = ${datasetId} and layer between ${fromLayer} and ${toLayer}
        group by layer order by layer`,
  )
  return rows.map((row) => row.scale)
}

/** Codes and margins of each layer of a span, in order, for one chunk of the dataset after the other. */
export async function* readCodeChunks(
  db: Database,
  networkId: number,
  datasetId: number,
  fromLayer: number,
  toLayer: number,
): AsyncGenerator<{ codes: Buffer; margins: Float32Array }[]> {
  const query = `select codes, margins from code_chunk where network_id = ${networkId} and dataset_id = ${datasetId}
    and layer between ${fromLayer} and ${toLayer} order by index, layer`
  let layers: { codes: Buffer; margins: Float32Array }[] = []
  for await (const [codes, margins] of copyOut(db, query)) {
    if (codes && margins) layers.push({ codes, margins: floatsOf(margins) })
    if (layers.length <= toLayer - fromLayer) continue
    yield layers
    layers = []
  }
}

/** Packed codes of each layer of a span, in order, for one chunk of the dataset after the other. */
export async function* readLayerCodes(
  db: Database,
  networkId: number,
  datasetId: number,
  fromLayer: number,
  toLayer: number,
): AsyncGenerator<Buffer[]> {
  const query = `select codes from code_chunk where network_id = ${networkId} and dataset_id = ${datasetId}
    and layer between ${fromLayer} and ${toLayer} order by index, layer`
  let layers: Buffer[] = []
  for await (const [codes] of copyOut(db, query)) {
    if (codes) layers.push(codes)
    if (layers.length <= toLayer - fromLayer) continue
    yield layers
    layers = []
  }
}

/** Labels of all samples in order, -1 where there is none. */
export async function readLabels(db: Database, datasetId: number): Promise<Int32Array> {
  const query = `select int4send(coalesce(label, -1)) from input where dataset_id = ${datasetId} order by index`
  return integersOf(await copyOutBytes(db, query))
}

/** The network's output values, chunk by chunk: float32, rows x outputs. */
export async function* readScores(
  db: Database,
  networkId: number,
  datasetId: number,
): AsyncGenerator<Float32Array> {
  const query = `select scores from prediction_chunk where network_id = ${networkId} and dataset_id = ${datasetId}
    order by index`
  for await (const [scores] of copyOut(db, query)) if (scores) yield floatsOf(scores)
}

/** int4 values from the big-endian bytes of int4send; the bytes are swapped in place. */
export function integersOf(bytes: Buffer): Int32Array {
  bytes.swap32()
  return new Int32Array(Uint8Array.from(bytes).buffer)
}

/** A float32 array from little-endian bytes; copies, since a Buffer from Postgres may lie unaligned. */
export function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}
