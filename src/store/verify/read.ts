/** What is read to be computed again, from one moment of the atlas. */
import { copyOut } from '../copyOut.ts'
import { raw, sql, type Executor, type Transaction } from '../database.ts'
import { floatsOf } from '../encoding.ts'

/** A stored file. */
export interface StoredFile {
  sha256: string
  byteCount: number
  /** Networks that it is the file of. */
  networks: string[]
}

export function readFiles(on: Executor): Promise<StoredFile[]> {
  return on.query(
    sql`select f.sha256, f.byte_count::float8 as "byteCount",
          array(select n.name from network n where n.sha256 = f.sha256) as networks
        from file f order by f.created_at, f.sha256`,
  )
}

/** The bytes of a stored file, chunk by chunk. Reads to the end, see `copyOut`. */
export async function* readChunksOfFile(tx: Transaction, sha256: string): AsyncGenerator<Buffer> {
  const query = `select data from file_chunk where sha256 = '${sha256}' order by index`
  for await (const [data] of copyOut(tx, query)) if (data) yield data
}

/** How many codes are stored. */
export async function countCodes(on: Executor): Promise<number> {
  const [{ codes }] = await on.query<{ codes: number }>(sql`select count(*)::float8 as codes from code`)
  return codes
}

/** A row of `code`: 16 bytes of hash, and the packed bits. */
export interface StoredCode {
  hash: Buffer
  bitCount: number
  bits: Buffer
  activeBitCount: number
}

/** Codes that are handed on together: so many, or so many bytes of bits. */
const CODES_A_BATCH = 16_384
const BYTES_A_BATCH = 1 << 22

/** All stored codes, in no order. */
export async function* readCodes(tx: Transaction): AsyncGenerator<StoredCode[]> {
  let batch: StoredCode[] = []
  let bytes = 0
  const query = 'select hash, bit_count, bits, active_bit_count from code'
  for await (const [hash, bitCount, bits, active] of copyOut(tx, query)) {
    if (!hash || !bitCount || !bits || !active) continue
    batch.push({ hash, bitCount: bitCount.readInt32BE(), bits, activeBitCount: active.readInt32BE() })
    bytes += bits.length
    if (batch.length < CODES_A_BATCH && bytes < BYTES_A_BATCH) continue
    yield batch
    batch = []
    bytes = 0
  }
  yield batch
}

/** A network and a dataset of which codes are stored. */
export interface EncodedPair {
  networkId: number
  datasetId: number
  /** The chunks that are stored, ascending, with their layers. */
  chunks: { index: number; layers: number[] }[]
}

export function readEncodedPairs(on: Executor): Promise<EncodedPair[]> {
  return on.query(
    raw(`select network_id as "networkId", dataset_id as "datasetId",
           json_agg(json_build_object('index', index, 'layers', layers) order by index) as chunks
         from (select network_id, dataset_id, index, array_agg(layer order by layer) as layers
               from code_chunk group by 1, 2, 3) c
         group by 1, 2 order by 1, 2`),
  )
}

/** Inputs of one chunk that follow one another. */
export interface Run {
  chunk: number
  /** Row in the chunk, and rows. */
  from: number
  rows: number
}

/** What is stored of a layer for a run of inputs. */
export interface StoredLayer {
  codes: Buffer
  margins: Float32Array
  distances: Buffer | null
  /** Of the whole chunk. */
  absoluteSum: number
  count: number
}

/** Raw samples of a run. */
export async function readSamples(
  tx: Transaction,
  dataset: { id: number; sampleByteCount: number },
  { chunk, from, rows }: Run,
): Promise<Buffer | null> {
  const { id, sampleByteCount: size } = dataset
  const query = `select substring(data from ${from * size + 1} for ${rows * size}) from dataset_chunk
    where dataset_id = ${id} and index = ${chunk}`
  return onlyValue(tx, query)
}

/** Layers of a run by index, and the scores. `chunkRows` are the inputs of the whole chunk. */
export async function readStoredRun(
  tx: Transaction,
  { networkId, datasetId }: EncodedPair,
  { chunk, from, rows }: Run,
  chunkRows: number,
): Promise<{ layers: Map<number, StoredLayer>; scores: Float32Array | null }> {
  const part = (column: string) =>
    `substring(${column} from (octet_length(${column}) / ${chunkRows}) * ${from} + 1
       for (octet_length(${column}) / ${chunkRows}) * ${rows})`
  const where = `network_id = ${networkId} and dataset_id = ${datasetId} and index = ${chunk}`
  const query = `select layer, ${part('codes')}, ${part('margins')}, ${part('distances')}, absolute_sum, count
    from code_chunk where ${where} order by layer`
  const layers = new Map<number, StoredLayer>()
  for await (const [layer, codes, margins, distances, sum, count] of copyOut(tx, query)) {
    if (!layer || !codes || !margins || !sum || !count) continue
    layers.set(layer.readInt32BE(), {
      codes,
      margins: floatsOf(margins),
      distances,
      absoluteSum: sum.readDoubleBE(),
      count: Number(count.readBigInt64BE()),
    })
  }
  const scores = await onlyValue(tx, `select ${part('scores')} from prediction_chunk where ${where}`)
  return { layers, scores: scores && floatsOf(scores) }
}

async function onlyValue(tx: Transaction, query: string): Promise<Buffer | null> {
  let found: Buffer | null = null
  for await (const [value] of copyOut(tx, query)) found = value
  return found
}

/** Where a site is filed: 16 bytes of its region's hash (null where there is no such region), and its margin. */
export interface FiledSite {
  input: number
  position: number
  hash: Buffer | null
  margin: number
}

/** The sites of some inputs in a partition, in order. */
export async function* readFiledSites(
  tx: Transaction,
  partitionId: number,
  fromInput: number,
  toInput: number,
): AsyncGenerator<FiledSite> {
  const query = `select m.input_index, m.position, r.code_hash, m.margin from membership m
    left join region r on r.partition_id = m.partition_id and r.index = m.region
    where m.partition_id = ${partitionId} and m.input_index between ${fromInput} and ${toInput - 1}
    order by m.input_index, m.position`
  for await (const [input, position, hash, margin] of copyOut(tx, query)) {
    if (!input || !position || !margin) continue
    yield {
      input: input.readInt32BE(),
      position: position.readInt32BE(),
      hash,
      margin: margin.readFloatBE(),
    }
  }
}

/** Ids of the computed partitions of a dataset by a network. */
export async function readComputedPartitions(
  on: Executor,
  networkId: number,
  datasetId: number,
): Promise<number[]> {
  const rows = await on.query<{ id: number }>(
    sql`select id from partition where network_id = ${networkId} and dataset_id = ${datasetId}
          and computed_at is not null order by id`,
  )
  return rows.map(({ id }) => id)
}
