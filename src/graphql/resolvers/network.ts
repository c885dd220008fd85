import { complexOrder } from '../../store/complexes.ts'
import { partitionOrder } from '../../store/partitions.ts'
import { segmentSetOrder } from '../../store/segmentSets.ts'
import { seriesOrder } from '../../store/series.ts'
import { storedConnection } from '../connection.ts'
import type { NetworkResolvers } from '../generated/types.ts'
import { localComplexity } from '../../jobs/direct/localComplexity.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { datasetOfName } from '../lookup.ts'

/** A network, its layers and their partitions. */
export const networkResolvers: NetworkResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Network, [id]),
  path: ({ name }) => name,
  layers: ({ id }, _args, { loaders }) => loaders.layersOfNetwork.load([id]),
  async layer({ id }, { index }, { loaders }) {
    const layers = await loaders.layersOfNetwork.load([id])
    return layers.find((layer) => layer.index === index) ?? null
  },
  complexes: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.complexesOfNetwork, [id], args, info, { order: complexOrder }),
  partitions: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.partitionsOfNetwork, [id], args, info, {
      order: partitionOrder,
    }),
  segmentSets: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.segmentSetsOfNetwork, [id], args, info, { order: segmentSetOrder }),
  localComplexity: async (network, args, { loaders, networkFiles, signal }) => {
    const [dataset, layers] = await Promise.all([
      datasetOfName(args.dataset, loaders),
      loaders.layersOfNetwork.load([network.id]),
    ])
    const { fromLayer = null, toLayer = null, radius = null, points, seed } = args
    const question = { network, dataset, layerCount: layers.length, fromLayer, toLayer, radius }
    return localComplexity(
      networkFiles,
      loaders,
      { ...question, points: points ?? 100, seed: seed ?? 1 },
      signal,
    )
  },
  series: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.seriesOfNetwork, [id], args, info, { order: seriesOrder }),
}
