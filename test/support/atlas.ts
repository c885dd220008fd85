import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importNetwork } from '#atlas/src/jobs/commands/importNetwork.js'
import { requestPartition } from '#atlas/src/jobs/commands/requestPartition.js'
import { requestSegments } from '#atlas/src/jobs/commands/requestSegments.js'
import { createDataset } from '#atlas/src/store/createDataset.js'
import type { Database } from '#atlas/src/store/database.js'
import { storeFile } from '#atlas/src/store/files.js'
import { parsePath } from '#atlas/src/store/path.js'

/** Stores bytes as an uploaded file; answers its handle. */
export async function storeBytes(db: Database, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-bytes-'))
  try {
    await writeFile(join(folder, 'file'), bytes)
    return await storeFile(db, join(folder, 'file'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function addNetwork(db: Database, name: string, bytes: Uint8Array): Promise<number> {
  return importNetwork(db, { name, file: await storeBytes(db, bytes), description: '', tags: [] })
}

/** A dataset of float32 samples (rows x size) without labels. */
export async function addDataset(
  db: Database,
  name: string,
  values: Float32Array,
  size: number,
): Promise<number> {
  return createDataset(
    db,
    name,
    {
      shape: [size],
      elementType: 'F32',
      scale: 1,
      classNames: [],
      sha256: () => '0'.repeat(64),
      async *samples() {
        const rowsABatch = 10_000
        for (let from = 0; from < values.length; from += rowsABatch * size) {
          const part = values.subarray(from, from + rowsABatch * size)
          yield {
            data: new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
            rows: part.length / size,
            labels: null,
          }
        }
      },
    },
    () => undefined,
  )
}

/** Asks for the partition with this path. */
export function addPartition(db: Database, path: string) {
  const key = parsePath(path)
  if (key.kind !== 'partition') throw new Error(`${path} is no partition`)
  return requestPartition(db, key)
}

/** Asks for the segment set with this path. */
export function addSegmentSet(db: Database, path: string) {
  const key = parsePath(path)
  if (key.kind !== 'segments') throw new Error(`${path} is no segment set`)
  return requestSegments(db, key)
}
