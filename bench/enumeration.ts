/**
 * All regions of ACAS Xu in boxes of growing side: the search beside the time in which all cores find the facets of as
 * many regions, and the job that stores what it finds.
 */
import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { availableParallelism } from 'node:os'
import {
  expandRegions,
  exploreRegions,
  openProgram,
  runGeometry,
  Search,
  startRegion,
  type Seeds,
} from '../compute/geometry/index.ts'
import { importNetwork } from '../src/jobs/commands/importNetwork.ts'
import { requestEnumeration } from '../src/jobs/commands/requestEnumeration.ts'
import { waitForJobs } from '../src/sample/waitForJobs.ts'
import { storeFile } from '../src/store/files.ts'
import { withEmptyAtlas } from './atlas.ts'
import { median, rounded, seconds, type Row } from './report.ts'

/** Regions whose facets are found alone, for the limit. */
const ALONE = 320
const SIDES = [0.025, 0.05, 0.1]
const ROUNDS = 3
const AXES = 5
const BITS = 300

/** @param file an ACAS Xu network */
export async function benchEnumeration(name: string, file: string): Promise<Row[]> {
  const bytes = await readFile(file)
  const rows: Row[] = []
  for (const side of SIDES) rows.push(await search(name, bytes, side))
  return [...rows, await job(file, SIDES[2])]
}

function cube(side: number) {
  return { lower: new Float64Array(AXES).fill(-side / 2), upper: new Float64Array(AXES).fill(side / 2) }
}

async function search(name: string, bytes: Uint8Array, side: number): Promise<Row> {
  const program = await openProgram(bytes)
  const toLayer = program.parts.length - 1
  const start = await startRegion(program, toLayer, cube(side))
  await program.close()
  if (!start) throw new Error('The box has no region.')
  const network = { sha256: `bench ${name}`, bytes }
  // Threads and their sessions are there before the clock runs.
  const warm = { network, toLayer, box: cube(side), seeds: start }
  await Promise.all(Array.from({ length: 8 }, () => runGeometry('expand', warm)))
  const times: number[] = []
  let regions = 0
  let facets = 0
  let memory = 0
  let some: Seeds[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = usedBytes()
    const known = new Search(BITS)
    known.addFrontier(start)
    facets = 0
    some = []
    const task = { network, toLayer, box: cube(side), limit: Infinity }
    const time = await seconds(async () => {
      for await (const block of exploreRegions(task, known, new AbortController().signal)) {
        facets += block.sources.length
        if (block.first < ALONE) some.push({ count: block.count, codes: block.codes, points: block.centers })
      }
    })
    times.push(time)
    regions = known.found
    memory = usedBytes() - before
  }
  const time = median(times)
  const limit = ((await expandAlone(bytes, toLayer, cube(side), some)) * regions) / availableParallelism()
  return {
    work: `enumeration, ${name}, box of side ${side}, all cores`,
    seconds: rounded(time),
    figure: `${rounded(regions / time)} regions/s, ${regions} regions, ${rounded(facets / regions)} facets each`,
    limit: `${rounded(limit)} s, as many regions' facets alone`,
    ratio: rounded(time / limit),
    memory: `${rounded(memory / regions - BITS / 8)} bytes a region beside its code`,
  }
}

/** Seconds a region, on one thread, without a search around it. */
async function expandAlone(
  bytes: Uint8Array,
  toLayer: number,
  box: ReturnType<typeof cube>,
  some: readonly Seeds[],
): Promise<number> {
  const program = await openProgram(bytes)
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    times.push(
      await seconds(async () => {
        for (const seeds of some) await expandRegions(program, { toLayer, box, seeds })
      }),
    )
  }
  await program.close()
  return median(times.slice(1)) / some.reduce((sum, { count }) => sum + count, 0)
}

/** What the main thread holds. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function job(file: string, side: number): Promise<Row> {
  return withEmptyAtlas(async ({ db }) => {
    await importNetwork(db, {
      name: 'bench',
      file: await storeFile(db, file),
      description: '',
      tags: [],
    })
    const times: number[] = []
    let regions = 0
    for (let round = 0; round < ROUNDS; round++) {
      const request = {
        network: 'bench',
        toLayer: null,
        lower: [-side / 2],
        upper: [side / 2],
        limit: 10_000_000,
      }
      times.push(
        await seconds(async () => {
          const { jobId } = await requestEnumeration(db, request)
          if (jobId) await waitForJobs(db, [jobId], () => undefined)
        }),
      )
      regions = await db.prisma.complexRegion.count()
      await db.pool.query('truncate complex, code, job cascade')
    }
    const time = median(times)
    return {
      work: `the same as a job, stored in Postgres, side ${side}`,
      seconds: rounded(time),
      figure: `${rounded(regions / time)} regions/s, ${regions} regions`,
      limit: '',
      ratio: '',
    }
  })
}
