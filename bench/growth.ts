/**
 * How the atlas grows: one partition of 10⁴, 10⁵ and 10⁶ regions, each in an empty atlas; 10⁷ with ATLAS_TEST=long, any
 * other number as the argument. A made network cuts made samples so that each has a polytope of its own, the worst case
 * of every table; they go the whole way of a real partition, by a job from the queue. Queries are asked over HTTP.
 */
import { nearestCodes } from '../compute/neighbors/index.ts'
import type { Atlas } from '../src/atlas.ts'
import { requestNeighbors } from '../src/jobs/commands/requestNeighbors.ts'
import { waitForJobs } from '../src/sample/waitForJobs.ts'
import { raw, sql, type Database } from '../src/store/database.ts'
import { readRegionCodes } from '../src/store/memberships.ts'
import { withEmptyAtlas } from './atlas.ts'
import { computePartition, secondsOfJobs } from './growthPartition.ts'
import { addMadeNetwork, addMadeSamples, addTwin, BITS } from './growthSubject.ts'
import { measureQueries } from './growthQueries.ts'
import { rounded, seconds, type Row } from './report.ts'

const SIZES = process.env.ATLAS_TEST === 'long' ? [1e4, 1e5, 1e6, 1e7] : [1e4, 1e5, 1e6]

/** All neighbours are searched for up to here; of more regions, those of {@link SAMPLE} of them. */
const ALL_NEIGHBORS = 1e5
const SAMPLE = 512
const K = 16

/** Tables with rows for each site or region, and those that hold its raw values and codes. */
const TABLES = ['region', 'membership', 'code', 'region_neighbor', 'input', 'dataset_chunk', 'code_chunk']

/** @param size regions of one partition, instead of the usual ones */
export async function benchGrowth(size?: number): Promise<Row[]> {
  if (size !== undefined && !(Number.isInteger(size) && size >= 1000))
    throw new RangeError('The number of regions is a whole number from 1000.')
  const rows: Row[] = []
  for (const regions of size === undefined ? SIZES : [size]) {
    const row = await withEmptyAtlas((atlas) => measure(atlas, regions))
    console.log(JSON.stringify(row))
    rows.push(row)
  }
  return rows
}

async function measure(atlas: Atlas, samples: number): Promise<Row> {
  const { db } = atlas
  const say = (what: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${samples}: ${what}`)
  say('samples')
  await addMadeNetwork(db, 'made')
  let first: Uint8Array = new Uint8Array()
  const importSeconds = await seconds(async () => (first = await addMadeSamples(db, 'samples', samples)))
  say('partition')
  const { id, jobSeconds, writeSeconds } = await computePartition(db, 'made', 'samples')
  await addTwin(db, 'twin', first)
  const twin = await computePartition(db, 'made', 'twin')
  const [{ regions }] = await db.query<{ regions: number }>(
    sql`select region_count as regions from partition where id = ${id}`,
  )
  say('neighbours')
  const neighbors = await searchNeighbors(db, id, regions)
  say('queries')
  return {
    samples,
    regions,
    bits: BITS,
    importSeconds: rounded(importSeconds),
    partitionSeconds: rounded(jobSeconds),
    writeSeconds: rounded(writeSeconds),
    regionsWrittenPerSecond: Math.round(regions / writeSeconds),
    // Of this process, worker and server in one, from its beginning.
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    ...neighbors,
    ...(await measureQueries(db, { id, twinId: twin.id })),
    ...(await bytesASite(db, samples)),
  }
}

/** The job where it ends in reasonable time, as it stores rows; else the same search for the first regions alone. */
async function searchNeighbors(db: Database, id: number, regions: number): Promise<Row> {
  if (regions <= ALL_NEIGHBORS) {
    const job = await requestNeighbors(db, id, K)
    await waitForJobs(db, [job], () => undefined)
    const total = await secondsOfJobs(db, [job])
    return { neighborSearch: 'all, stored', neighborMsPerRegion: rounded((1000 * total) / regions) }
  }
  const base = await readRegionCodes(db, id)
  const queries = base.subarray(0, SAMPLE * (BITS / 8))
  const total = await seconds(() => nearestCodes({ queries, base, bitCount: BITS, k: K, self: false }))
  return { neighborSearch: `${SAMPLE} regions`, neighborMsPerRegion: rounded((1000 * total) / SAMPLE) }
}

/** Heap, TOAST and indexes of each table over the number of samples, in bytes; those of neighbours only where stored. */
async function bytesASite(db: Database, samples: number): Promise<Row> {
  const row: Row = {}
  for (const table of TABLES) {
    const [{ bytes }] = await db.query<{ bytes: number }>(
      sql`select pg_total_relation_size(${raw(`'${table}'`)})::float8 as bytes`,
    )
    row[`${table}BytesPerSite`] = rounded(bytes / samples)
  }
  return row
}
