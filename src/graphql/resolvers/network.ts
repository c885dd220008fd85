import { complexOrder } from '../../store/complexes.ts'
import { partitionOrder } from '../../store/partitions.ts'
import { segmentSetOrder } from '../../store/segmentSets.ts'
import { seriesOrder } from '../../store/series.ts'
import { storedConnection } from '../connection.ts'
import type { NetworkResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'

/** A network, its layers and their partitions. */
export const networkResolvers: NetworkResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Network, [id]),
  path: ({ name }) => name,
  layers: ({ id }, _args, { loaders }) => loaders.layersOfNetwork.load([id]),
  async layer({ id }, { index }, { loaders }) {
    const layers = await loaders.layersOfNetwork.load([id])
    return layers.find((layer) => layer.index === index) ?? null
  },
  complexes: ({ id }, args, { loaders }) =>
    storedConnection(loaders.complexesOfNetwork, [id], args, { order: complexOrder }),
  partitions: ({ id }, args, { loaders }) =>
    storedConnection(loaders.partitionsOfNetwork, [id], args, { order: partitionOrder }),
  segmentSets: ({ id }, args, { loaders }) =>
    storedConnection(loaders.segmentSetsOfNetwork, [id], args, { order: segmentSetOrder }),
  series: ({ id }, args, { loaders }) =>
    storedConnection(loaders.seriesOfNetwork, [id], args, { order: seriesOrder }),
}
