import { z } from 'zod'
import { AtlasError } from '../../compute/errors.ts'
import { nearestCodes } from '../../compute/neighbors/index.ts'
import { createLoaders } from '../store/loaders.ts'
import { readRegionCodes } from '../store/memberships.ts'
import { writeNeighbors } from '../store/writeNeighbors.ts'
import { defineTask } from './task.ts'

/** Stores the k nearest regions of every region of a partition. Counts regions. */
export const neighborsTask = defineTask({
  kind: 'neighbors',
  payload: z.object({ partitionId: z.int(), k: z.int() }),
  async run(context, { partitionId, k }) {
    const partition = await createLoaders(context.db).partitionById.load([partitionId])
    if (!partition?.computedAt)
      throw new AtlasError('PARTITION_NOT_READY', 'The partition was never computed: create it again first.')
    const base = await readRegionCodes(context.db, partitionId)
    let reported: Promise<void> = Promise.resolve()
    const { indices, distances } = await nearestCodes(
      { queries: base, base, bitCount: partition.bitCount, k, self: true },
      {
        signal: context.signal,
        onProgress: (done, total) => {
          reported = context.progress(done, total)
          // A cancelled job is told by the signal as well, which stops the search.
          reported.catch(() => undefined)
        },
      },
    )
    await reported
    await writeNeighbors(context.db, partitionId, k, indices, distances)
  },
})
