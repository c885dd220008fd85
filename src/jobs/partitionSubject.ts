import { AtlasError } from '../../compute/errors.ts'
import type { Database } from '../store/database.ts'
import { createLoaders } from '../store/loaders.ts'
import type { DatasetRow, LayerRow, NetworkRow, PartitionRow } from '../store/models.ts'
import { positionsIn } from '../store/positions.ts'

/** A partition and what it cuts. */
export interface PartitionSubject {
  partition: PartitionRow
  network: NetworkRow
  dataset: DatasetRow
  /** Those of the span. */
  layers: LayerRow[]
  /** The positions of an input that are its sites, or [0]: the input itself. */
  positions: number[]
}

/** Throws UNKNOWN_PARTITION. */
export async function readSubject(db: Database, partitionId: number): Promise<PartitionSubject> {
  const loaders = createLoaders(db)
  const partition = await loaders.partitionById.load([partitionId])
  const network = partition && (await loaders.networkById.load([partition.networkId]))
  const dataset = partition && (await loaders.datasetById.load([partition.datasetId]))
  if (!partition || !network || !dataset)
    throw new AtlasError('UNKNOWN_PARTITION', 'The partition was deleted before its job began.')
  const all = await loaders.layersOfNetwork.load([network.id])
  const layers = all.slice(partition.fromLayer, partition.toLayer + 1)
  const positions =
    partition.granularity === 'WHOLE_INPUT' ? [0] : positionsIn(partition, layers[0].positionCount)
  return { partition, network, dataset, layers, positions }
}

/** The label of a site, from those of the inputs. */
export function labelOfSite(labels: Int32Array, positionCount: number): (site: number) => number {
  return (site) => labels[Math.floor(site / positionCount)]
}
