import { AtlasError } from '../../compute/errors.ts'
import { copyInto, ROWS_A_FLUSH, type RowEncoder } from './copy.ts'
import { sql, type Database, type Transaction } from './database.ts'
import { nameLock } from './locks.ts'
import type { ElementType, TokenStyle } from './models.ts'
import { checkNameFree } from './names.ts'
import { checkName } from './path.ts'

/** Bytes of raw samples a chunk holds at most, unless one sample is larger. */
const CHUNK_BYTES = 1 << 20
const MAX_CHUNK_ROWS = 8192
/** A token of 4 bytes becomes thousands of bits in every layer. */
const MAX_CHUNK_TOKENS = 16_384

/** Samples as a reader gives them; `classNames` and `sha256` are final when the samples are drained. */
export interface DatasetSource {
  shape: readonly number[]
  elementType: ElementType
  scale: number
  /** The strings of the token ids that the samples hold. */
  vocabulary?: { tokens: ReadonlyMap<number, string>; style: TokenStyle } | null
  samples(): AsyncIterable<{ data: Uint8Array; rows: number; labels: Int32Array | null }>
  readonly classNames: readonly string[]
  sha256(): string
}

/**
 * Stores a dataset from a stream of samples, all of it or nothing: one transaction, about one chunk of
 * samples in memory (and four bytes a label). Answers the id. Throws BAD_NAME, NAME_TAKEN, EMPTY_DATASET and
 * what the source throws.
 */
export async function createDataset(
  db: Database,
  name: string,
  source: DatasetSource,
  onProgress: (rows: number) => void | Promise<void>,
): Promise<number> {
  checkName(name)
  await checkNameFree(db, name)
  const sampleBytes = elementCount(source.shape) * (source.elementType === 'U8' ? 1 : 4)
  const { vocabulary = null } = source
  const chunkSize = rowsPerChunk(
    sampleBytes,
    vocabulary ? MAX_CHUNK_TOKENS / elementCount(source.shape) : MAX_CHUNK_ROWS,
  )
  return db.transaction(async (tx) => {
    // Reserves the id; the row itself is written last, when name, class names and hash are certain.
    const [{ id }] = await tx.query<{ id: number }>(
      sql`insert into dataset (name, sha256, shape, class_names, input_count, element_type, scale,
            sample_byte_count, chunk_size)
          values (${`~importing ${crypto.randomUUID()}`}, '', ${source.shape}, '{}', 0,
            ${source.elementType}::text::"ElementType", ${source.scale}, ${sampleBytes}, ${chunkSize})
          returning id`,
    )
    const labels: (Int32Array | null)[] = []
    let rows = 0
    await copyInto(tx, 'dataset_chunk', ['dataset_id', 'index', 'data'], async (encoder) => {
      const writer = new ChunkWriter(encoder, id, chunkSize * sampleBytes)
      for await (const batch of source.samples()) {
        await writer.add(batch.data)
        labels.push(batch.labels)
        rows += batch.rows
        await onProgress(rows)
      }
      await writer.end()
    })
    if (rows === 0) throw new AtlasError('EMPTY_DATASET', 'The file holds no sample: nothing was imported.')
    await copyInputs(tx, id, rows, labels)
    if (vocabulary) await copyTokens(tx, id, vocabulary.tokens)
    await tx.query(nameLock)
    await checkNameFree(tx, name)
    await tx.query(
      sql`update dataset set name = ${name}, sha256 = ${source.sha256()},
            class_names = ${source.classNames}, input_count = ${rows},
            token_style = ${vocabulary?.style ?? null}::text::"TokenStyle",
            token_count = ${vocabulary?.tokens.size ?? 0} where id = ${id}`,
    )
    return id
  })
}

/** The power of two of samples that fill about a mebibyte: the unit of work of every later job. */
function rowsPerChunk(sampleBytes: number, most: number): number {
  const rows = 2 ** Math.floor(Math.log2(Math.min(most, CHUNK_BYTES / sampleBytes)))
  return Math.max(1, rows)
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** Cuts the stream of samples into chunks of equal size. */
class ChunkWriter {
  readonly #rows: RowEncoder
  readonly #datasetId: number
  readonly #chunk: Buffer
  #used = 0
  #index = 0

  constructor(rows: RowEncoder, datasetId: number, chunkBytes: number) {
    this.#rows = rows
    this.#datasetId = datasetId
    this.#chunk = Buffer.allocUnsafe(chunkBytes)
  }

  async add(data: Uint8Array): Promise<void> {
    for (let from = 0; from < data.length;) {
      const size = Math.min(data.length - from, this.#chunk.length - this.#used)
      this.#chunk.set(data.subarray(from, from + size), this.#used)
      this.#used += size
      from += size
      if (this.#used === this.#chunk.length) await this.end()
    }
  }

  async end(): Promise<void> {
    if (this.#used === 0) return
    this.#rows.row()
    this.#rows.int4(this.#datasetId)
    this.#rows.int4(this.#index)
    this.#rows.bytes(this.#chunk.subarray(0, this.#used))
    await this.#rows.flush()
    this.#index++
    this.#used = 0
  }
}

async function copyInputs(tx: Transaction, id: number, count: number, labels: (Int32Array | null)[]) {
  await copyInto(tx, 'input', ['dataset_id', 'index', 'label'], async (rows) => {
    const labelled = labels.every((batch) => batch !== null)
    const write = (index: number, label: number | null) => {
      rows.row()
      rows.int4(id)
      rows.int4(index)
      if (label === null) rows.null()
      else rows.int4(label)
    }
    let index = 0
    if (!labelled) while (index < count) write(index++, null)
    for (const batch of labels) {
      if (labelled && batch) for (const label of batch) write(index++, label)
      await rows.flush()
    }
  })
}

async function copyTokens(tx: Transaction, id: number, tokens: ReadonlyMap<number, string>) {
  await copyInto(tx, 'token', ['dataset_id', 'id', 'text'], async (rows) => {
    let written = 0
    for (const [token, text] of tokens) {
      rows.row()
      rows.int4(id)
      rows.int4(token)
      rows.bytes(Buffer.from(text.replaceAll('\0', '\uFFFD')))
      if (++written % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}
