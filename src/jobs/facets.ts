import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { hash128, popcounts } from '../../compute/codes/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { runGeometry } from '../../compute/geometry/index.ts'
import { createLoaders } from '../store/loaders.ts'
import type { BoxValues, PartitionRow } from '../store/models.ts'
import { polytopesToCompute } from '../store/polytopesToCompute.ts'
import { writePolytope } from '../store/writePolytope.ts'
import { createNetworkFiles, type NetworkFiles } from './direct/networkFiles.ts'
import { regionTask } from './direct/regionTask.ts'
import { inLanes } from './lanes.ts'
import { defineTask, type JobContext } from './task.ts'

/** How often a job looks whether it was cancelled: the facets of one region may take a minute. */
const LOOK_MS = 500

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
    try {
      await inLanes(missing, availableParallelism(), signal, async (region, either) => {
        await storePolytope(context, files, partition, region, box, either)
        await context.progress(++done, total)
      })
    } finally {
      clearInterval(look)
    }
  },
})

async function storePolytope(
  { db }: JobContext,
  files: NetworkFiles,
  { id: partitionId, bitCount }: PartitionRow,
  region: number,
  box: BoxValues | null,
  signal: AbortSignal,
): Promise<void> {
  const loaders = createLoaders(db)
  const row = await loaders.region.load([partitionId, region])
  if (!row) return
  const task = await regionTask(row, loaders, files)
  const { codes, inradius, ...polytope } = await runGeometry('facets', { ...task, box }, signal)
  const { length: count } = polytope.crossed
  const stride = Math.ceil(bitCount / 8)
  await writePolytope(db, {
    ...polytope,
    ...{ partitionId, region, bitCount, box },
    inradius: inradius === Infinity ? null : inradius,
    codes: {
      count,
      codes,
      hashes: hash128(codes, stride, count, bitCount),
      activeBitCounts: popcounts(codes, stride, count),
    },
  })
}
