import { embeddingSuffix } from '../../store/path.ts'
import type { EmbeddingResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { partitionOf, pathOfPartition } from '../lookup.ts'

/** A map of a partition's regions. */
export const embeddingResolvers: EmbeddingResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Embedding, [id]),
  path: async (embedding, _args, { loaders }) =>
    `${await pathOfPartition(await partitionOf(embedding, loaders), loaders)}/${embeddingSuffix(embedding)}`,
  partition: (embedding, _args, { loaders }) => partitionOf(embedding, loaders),
  job: ({ jobId }, _args, { loaders }) => (jobId === null ? null : loaders.job.load([jobId])),
  positions: ({ id }, _args, { loaders }) => loaders.embeddingPositions.load([id]),
}
