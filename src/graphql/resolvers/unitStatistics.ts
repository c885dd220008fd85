import { AtlasError } from '../../../compute/errors.ts'
import { existing } from '../../store/existing.ts'
import { clusteringOfId, clusterOfRow } from '../clusters.ts'
import { firstOf } from '../connection.ts'
import type { UnitClusterResolvers, UnitStatisticsResolvers } from '../generated/types.ts'
import { partitionOf } from '../lookup.ts'

/** A unit over a dataset; what chance gives, and its clusters, are computed where they are asked for. */
export const unitStatisticsResolvers: UnitStatisticsResolvers = {
  baselineLabelEntropy: async ({ chance }) => (await chance()).labelEntropy,
  baselineMutualInformation: async ({ chance }) => (await chance()).mutualInformation,
  async clusters({ index: unit, layer, dataset }, args, { loaders, scans }) {
    const clustering = await clusteringOfId(args.clustering, loaders)
    const partition = await partitionOf(clustering, loaders)
    const { networkId, datasetId, fromLayer, toLayer } = partition
    const isOfSpan = fromLayer <= layer.index && layer.index <= toLayer
    if (networkId !== layer.networkId || datasetId !== dataset.id || !isOfSpan)
      throw new AtlasError(
        'BAD_ARGUMENT',
        `The clustering "${args.clustering}" is not of this network and dataset, or its layers are ${fromLayer} to ` +
          `${toLayer}: choose one whose span has layer ${layer.index}.`,
      )
    return scans.clustersOfUnit({ unit, layer, dataset, partition, clustering, first: firstOf(args) })
  },
}

/** A cluster in which a unit fires. */
export const unitClusterResolvers: UnitClusterResolvers = {
  cluster: async (row, _args, { loaders }) => existing(await clusterOfRow(row, loaders)),
}
