import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { hash128, popcounts } from '../../compute/codes/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { runGeometry, type RegionPolytope, type RegionTask } from '../../compute/geometry/index.ts'
import { createLoaders } from '../store/loaders.ts'
import type { PartitionRow } from '../store/models.ts'
import { polytopesToCompute } from '../store/polytopesToCompute.ts'
import { writePolytopes, type NewPolytope } from '../store/writePolytopes.ts'
import { createNetworkFiles, type NetworkFiles } from './direct/networkFiles.ts'
import { regionTask } from './direct/regionTask.ts'
import { everySecond } from './everySecond.ts'
import { inLanes } from './lanes.ts'
import { defineTask, type JobContext } from './task.ts'

/** How often a job looks whether it was cancelled: the facets of one region may take a minute. */
const LOOK_MS = 500

/** Regions whose codes and exemplars are read at once. */
const CHUNK = 256

/**
 * Finds and stores the facets of one region, or of a partition's most populous regions, one region a thread. Counts
 * regions. A region's rows commit together; those that are there, computed in the same box, stay.
 */
export const facetsTask = defineTask({
  kind: 'facets',
  payload: z.object({
    partitionId: z.int(),
    region: z.int().nullable(),
    limit: z.int().nullable(),
    box: z.object({ lower: z.array(z.number()), upper: z.array(z.number()) }).nullable(),
  }),
  async run(context, payload) {
    const { db, signal } = context
    const partition = await createLoaders(db).partitionById.load([payload.partitionId])
    if (!partition?.computedAt)
      throw new AtlasError('PARTITION_NOT_READY', 'The partition was never computed: create it again first.')
    const box = payload.box && {
      lower: Float64Array.from(payload.box.lower),
      upper: Float64Array.from(payload.box.upper),
    }
    const { total, missing } = await polytopesToCompute(db, { ...payload, box })
    let done = total - missing.length
    await context.progress(done, total)
    // A cancelled job is told by the signal as well.
    const look = setInterval(() => void context.progress(done, total).catch(() => undefined), LOOK_MS)
    const files = createNetworkFiles(db)
    const write = (polytopes: NewPolytope[]) => writePolytopes(db, partition, box, polytopes)
    try {
      await everySecond(write, async (add) => {
        for (let from = 0; from < missing.length; from += CHUNK) {
          const tasks = await tasksOf(context, partition, missing.slice(from, from + CHUNK), files)
          await inLanes(tasks, availableParallelism(), signal, async ({ region, task }, either) => {
            const polytope = await runGeometry('facets', { ...task, box }, either)
            await add(newPolytope(region, polytope, partition.bitCount))
            await context.progress(++done, total)
          })
        }
      })
    } finally {
      clearInterval(look)
    }
  },
})

/** What the geometry needs of some regions; those that are gone are left out. */
async function tasksOf(
  { db }: JobContext,
  { id }: PartitionRow,
  regions: readonly number[],
  files: NetworkFiles,
): Promise<{ region: number; task: RegionTask }[]> {
  const loaders = createLoaders(db)
  const tasks = regions.map(async (region) => {
    const row = await loaders.region.load([id, region])
    return row && { region, task: await regionTask(row, loaders, files) }
  })
  return (await Promise.all(tasks)).filter((task) => task !== null)
}

function newPolytope(
  region: number,
  { codes, inradius, ...polytope }: RegionPolytope,
  bitCount: number,
): NewPolytope {
  const { length: count } = polytope.crossed
  const stride = Math.ceil(bitCount / 8)
  return {
    ...polytope,
    region,
    inradius: inradius === Infinity ? null : inradius,
    codes: {
      count,
      codes,
      hashes: hash128(codes, stride, count, bitCount),
      activeBitCounts: popcounts(codes, stride, count),
    },
  }
}
