import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, expect } from 'vitest'
import { decodeValues, openDataset, type DatasetOptions, type OpenDataset } from '#atlas/src/ingest/index.js'

/** A folder for the files of one test file, removed after it. */
export function temporaryFolder(): {
  path: string
  write(name: string, content: Uint8Array | string): string
} {
  const path = mkdtempSync(join(tmpdir(), 'atlas-ingest-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
  }
}

/** Everything in a dataset. */
export interface Contents {
  dataset: OpenDataset
  data: Buffer
  values: Float32Array
  labels: number[] | null
  rows: number
  batchBytes: number[]
}

export async function readAll(path: string, options: DatasetOptions = {}): Promise<Contents> {
  const dataset = await openDataset(path, options)
  const pieces: Uint8Array[] = []
  const labels: number[] = []
  let labelled = false
  let rows = 0
  for await (const batch of dataset.samples()) {
    pieces.push(batch.data)
    rows += batch.rows
    if (!batch.labels) continue
    labelled = true
    expect(batch.labels).toHaveLength(batch.rows)
    labels.push(...batch.labels)
  }
  await dataset.close()
  const data = Buffer.concat(pieces)
  return {
    dataset,
    data,
    values: decodeValues(data, dataset.elementType, dataset.scale),
    labels: labelled ? labels : null,
    rows,
    batchBytes: pieces.map((piece) => piece.length),
  }
}

/** Expects that opening and reading fails with this code and message. */
export async function expectRefusal(
  path: string,
  code: string,
  message: RegExp,
  options: DatasetOptions = {},
): Promise<void> {
  await expect(readAll(path, options)).rejects.toMatchObject({
    name: 'AtlasError',
    code,
    message: expect.stringMatching(message),
  })
}

/** How often this process has a file open. */
export function openCount(path: string): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return null
    }
  })
  return links.filter((link) => link === path).length
}

/** An NPY file, version 1 unless said otherwise, with the padding that NumPy writes. */
export function npy(descr: string, shape: readonly number[], body: Uint8Array, version = 1): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  return npyWithHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`, body, version)
}

export function npyWithHeader(dict: string, body: Uint8Array, version = 1): Buffer {
  const lengthBytes = version === 1 ? 2 : 4
  const unpadded = 8 + lengthBytes + dict.length + 1
  const header = dict + ' '.repeat((64 - (unpadded % 64)) % 64) + '\n'
  const length = Buffer.alloc(lengthBytes)
  length.writeUIntLE(header.length, 0, lengthBytes)
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.of(version, 0),
    length,
    Buffer.from(header),
    body,
  ])
}

export const float32 = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)
export const int64 = (...values: number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)

/** An IDX file: two zeros, type, number of axes, the axes, the numbers (big-endian already). */
export function idx(type: number, shape: readonly number[], body: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.writeUInt8(type, 2)
  header.writeUInt8(shape.length, 3)
  shape.forEach((axis, i) => header.writeUInt32BE(axis, 4 + 4 * i))
  return Buffer.concat([header, body])
}

/** A zip archive (APPNOTE 6.3: local headers, central directory, end record). */
export function zip(
  entries: Record<string, Uint8Array>,
  { deflate = false, corruptChecksum = false } = {},
): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const body = deflate ? deflateRawSync(content) : Buffer.from(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(deflate ? 8 : 0, 4)
    common.writeUInt32LE((crc32(content) ^ (corruptChecksum ? 1 : 0)) >>> 0, 10)
    common.writeUInt32LE(body.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), body])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(offset, 10)
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.of(20, 0), common, attributes, Buffer.from(name)]),
    )
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
