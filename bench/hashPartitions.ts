/**
 * Ten networks of 100,000 regions each in plain tables, and in tables divided by hash: the same ingest, queries and
 * deletion in both, turn by turn, and the seconds it takes to divide what is there.
 */
import type { Atlas } from '../src/atlas.ts'
import type { Database } from '../src/store/database.ts'
import { deleteNetwork } from '../src/store/deleteEntity.ts'
import { spreadByHash } from '../src/store/scale/hashPartitions.ts'
import { writeNeighbors } from '../src/store/writeNeighbors.ts'
import { withEmptyAtlas } from './atlas.ts'
import { computePartition } from './growthPartition.ts'
import { measureQueries } from './growthQueries.ts'
import { addMadeNetwork, addMadeSamples, addTwin } from './growthSubject.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const NETWORKS = 10
const PARTITIONS = 16
const ROUNDS = 3
const K = 16

/** Networks whose regions have stored neighbours: these are 16 times as many rows. */
const WITH_NEIGHBORS = 3

/** @param samples of each network's partition */
export async function benchHashPartitions(samples = 100_000): Promise<Row[]> {
  const rounds: Row[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    const rows: Row[] = []
    for (const partitions of [1, PARTITIONS]) {
      const row = await withEmptyAtlas((atlas) => measure(atlas, samples, partitions))
      console.log(JSON.stringify(row))
      rows.push(row)
    }
    rounds.push(rows)
  }
  return [0, 1].map((side) => mediansOf(rounds.map((rows) => rows[side])))
}

function mediansOf(rows: readonly Row[]): Row {
  const [first] = rows
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) =>
      typeof value === 'number'
        ? [name, rounded(median(rows.map((row) => Number(row[name]))))]
        : [name, value],
    ),
  )
}

async function measure({ db }: Atlas, samples: number, partitions: number): Promise<Row> {
  await spreadByHash(db, partitions, () => undefined)
  const first = await addMadeSamples(db, 'samples', samples)
  await addTwin(db, 'twin', first)
  await addMadeNetwork(db, 'made')
  for (let i = 1; i < NETWORKS; i++) await addMadeNetwork(db, `made-${i}`)
  const twin = await computePartition(db, 'made', 'twin')
  const written: { id: number; writeSeconds: number; neighborSeconds: number }[] = []
  for (let i = 0; i < NETWORKS; i++) {
    const { id, writeSeconds } = await computePartition(db, i === 0 ? 'made' : `made-${i}`, 'samples')
    const neighborSeconds = i < WITH_NEIGHBORS ? await seconds(() => writeMadeNeighbors(db, id, samples)) : 0
    written.push({ id, writeSeconds, neighborSeconds })
  }
  await db.pool.query('analyze')
  const queries = await measureQueries(db, { id: written[0].id, twinId: twin.id })
  const deleteSeconds = await seconds(() => deleteNetwork(db, `made-${WITH_NEIGHBORS - 1}`))
  const turned = partitions === 1 ? PARTITIONS : 1
  const spreadSeconds = await seconds(() => spreadByHash(db, turned, () => undefined))
  return {
    partitions,
    regions: NETWORKS * samples,
    writeSeconds: rounded(written.reduce((sum, part) => sum + part.writeSeconds, 0)),
    neighborWriteSeconds: rounded(written.reduce((sum, part) => sum + part.neighborSeconds, 0)),
    ...queries,
    deleteSeconds: rounded(deleteSeconds),
    [`to${turned}Seconds`]: rounded(spreadSeconds),
  }
}

/** Rows as a search would store them; which regions they name does not matter here. */
async function writeMadeNeighbors(db: Database, id: number, regions: number): Promise<void> {
  const indices = Int32Array.from({ length: regions * K }, (_, i) => (i * 7919) % regions)
  const distances = Int32Array.from({ length: regions * K }, (_, i) => i % K)
  await writeNeighbors(db, id, K, indices, distances)
}
