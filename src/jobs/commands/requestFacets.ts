import { elementCount, notPiecewiseAffine } from '../../../compute/onnx/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import { boxOf } from '../../../compute/geometry/index.ts'
import type { Database } from '../../store/database.ts'
import { existing } from '../../store/existing.ts'
import { createLoaders } from '../../store/loaders.ts'
import { checkWholeInput } from '../direct/regionTask.ts'
import { facetsTask } from '../facets.ts'
import { enqueue } from '../queue.ts'
import { readyPartition } from './readyPartition.ts'

/** Which regions' facets, and what they are cut off at. */
export interface FacetsRequest {
  partitionId: number
  /** Index of one region; null for the partition's. */
  region: number | null
  /** How many regions of the partition, the most populous first; null for all. */
  limit: number | null
  /** Bounds of one value for all axes or of one an axis; null for none. */
  box: { lower: number[]; upper: number[] } | null
}

/**
 * Queues the search for facets; answers the job's id. Throws BAD_ARGUMENT, BAD_BOX, UNKNOWN_PARTITION,
 * PARTITION_NOT_READY, NOT_WHOLE_INPUT, NOT_PIECEWISE_AFFINE.
 */
export async function requestFacets(db: Database, request: FacetsRequest): Promise<string> {
  const { partitionId, limit, box } = request
  if (limit !== null && limit < 1)
    throw new AtlasError('BAD_ARGUMENT', `limit is ${limit}: ask for the facets of 1 region or more.`)
  const partition = await readyPartition(db, partitionId)
  checkWholeInput(partition)
  const { networkId, datasetId, fromLayer } = partition
  const network = existing(await createLoaders(db).networkById.load([networkId]))
  if (network.exactness !== 'PIECEWISE_AFFINE') throw notPiecewiseAffine(network.approximations)
  // The dimension before a later layer is known where the network is open: the job checks the box there.
  if (box && fromLayer === 0) {
    const bounds = { lower: Float64Array.from(box.lower), upper: Float64Array.from(box.upper) }
    boxOf(bounds, elementCount(network.inputShape))
  }
  return db.prisma.$transaction((tx) => enqueue(tx, facetsTask, { ...request }, { networkId, datasetId }))
}
