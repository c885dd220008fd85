import { clusteringTuple } from '../store/clusterings.ts'
import type { Loaders } from '../store/loaders.ts'
import { complexTuple } from '../store/complexes.ts'
import { partitionTuple } from '../store/partitions.ts'
import { parsePath } from '../store/path.ts'
import { segmentSetTuple } from '../store/segmentSets.ts'
import { asNode, type NodeRow } from './node.ts'

/** The entity with a natural key; null where there is none. Throws BAD_PATH. */
export async function readEntity(path: string, loaders: Loaders): Promise<NodeRow | null> {
  const key = parsePath(path)
  if (key.kind === 'named' || key.kind === 'indexed') {
    // Networks, datasets and series share their names: one of the three at most is there.
    const [network, dataset, series] = await Promise.all([
      loaders.networkByName.load([key.name]),
      loaders.datasetByName.load([key.name]),
      key.kind === 'named' ? loaders.seriesByName.load([key.name]) : null,
    ])
    if (key.kind === 'named')
      return asNode(network, 'Network') ?? asNode(dataset, 'Dataset') ?? asNode(series, 'Series')
    if (network)
      return asNode((await loaders.layersOfNetwork.load([network.id])).at(key.index) ?? null, 'Layer')
    return dataset && asNode(await loaders.input.load([dataset.id, key.index]), 'Input')
  }
  if (key.kind === 'complex' || key.kind === 'complexRegion') {
    const complex = await loaders.complexByKey.load(complexTuple(key))
    if (key.kind === 'complex') return asNode(complex, 'Complex')
    return (
      complex && asNode(await loaders.complexRegionByCode.load([complex.id, key.codeHash]), 'ComplexRegion')
    )
  }
  if (key.kind === 'segments')
    return asNode(await loaders.segmentSetByKey.load(segmentSetTuple(key)), 'SegmentSet')
  const partition = await loaders.partitionByKey.load(partitionTuple(key))
  if (key.kind === 'partition') return asNode(partition, 'Partition')
  if (key.kind === 'directions')
    return (
      partition &&
      asNode(await loaders.directionSetByKey.load([partition.id, key.components, key.seed]), 'DirectionSet')
    )
  if (key.kind === 'embedding')
    return (
      partition &&
      asNode(await loaders.embeddingByKey.load([partition.id, key.neighbors, key.seed]), 'Embedding')
    )
  if (key.kind === 'clustering' || key.kind === 'cluster') {
    const clustering = partition && (await loaders.clusteringByKey.load(clusteringTuple(partition.id, key)))
    if (key.kind === 'clustering') return asNode(clustering, 'Clustering')
    return clustering && asNode(await loaders.cluster.load([clustering.id, key.index]), 'Cluster')
  }
  return partition && asNode(await loaders.regionByCode.load([partition.id, key.codeHash]), 'Region')
}
