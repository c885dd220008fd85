import { inputOrder, labelFilter } from '../../store/datasets.ts'
import { storedConnection } from '../connection.ts'
import type { DatasetResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'

/** A dataset and its samples. */
export const datasetResolvers: DatasetResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Dataset, [id]),
  path: ({ name }) => name,
  vocabularySize: ({ tokenStyle, tokenCount }) => (tokenStyle === null ? null : tokenCount),
  inputs({ id, inputCount }, args, { loaders }, info) {
    if (args.label != null)
      return storedConnection(loaders.inputs, [id], args, info, {
        order: inputOrder,
        filter: labelFilter(args.label),
      })
    return storedConnection(loaders.inputs, [id], args, info, {
      order: inputOrder,
      count: async () => inputCount,
    })
  },
  input: ({ id }, { index }, { loaders }) => loaders.input.load([id, index]),
}
