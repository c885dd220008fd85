import { z } from 'zod'
import { embedCodes } from '../../compute/embed/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { createLoaders } from '../store/loaders.ts'
import { readRegionCodes } from '../store/memberships.ts'
import { writeEmbedding } from '../store/writeEmbedding.ts'
import { defineTask } from './task.ts'

/** Draws the regions of a partition in the plane and stores where they lie. Counts regions, twice: see `embedCodes`. */
export const embedTask = defineTask({
  kind: 'embed',
  payload: z.object({ embeddingId: z.int() }),
  async run(context, { embeddingId }) {
    const { db, signal } = context
    const loaders = createLoaders(db)
    const embedding = await loaders.embeddingById.load([embeddingId])
    const partition = embedding && (await loaders.partitionById.load([embedding.partitionId]))
    if (!partition)
      throw new AtlasError('UNKNOWN_EMBEDDING', 'The embedding was deleted before its job began.')
    if (embedding.computedAt !== null) return
    const { neighbors, seed } = embedding
    let reported: Promise<void> = Promise.resolve()
    const positions = await embedCodes(
      { codes: await readRegionCodes(db, partition.id), bitCount: partition.bitCount, neighbors, seed },
      {
        signal,
        onProgress: (done, total) => {
          reported = context.progress(done, total)
          // A cancelled job is told by the signal as well, which stops the search.
          reported.catch(() => undefined)
        },
      },
    )
    await reported
    await writeEmbedding(db, embeddingId, positions)
  },
})
