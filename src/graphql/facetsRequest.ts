import { AtlasError } from '../../compute/errors.ts'
import type { FacetsRequest } from '../jobs/commands/requestFacets.ts'
import type { Loaders } from '../store/loaders.ts'
import type { ComputeFacetsInput } from './generated/types.ts'
import { partitionOfId, regionOfId } from './lookup.ts'

/** Whose facets an input asks for. Throws BAD_ARGUMENT, BAD_ID, BAD_PATH, UNKNOWN_REGION, UNKNOWN_PARTITION. */
export async function facetsRequest(
  { region, partition, limit = null, box = null }: ComputeFacetsInput,
  loaders: Loaders,
): Promise<FacetsRequest> {
  if (region != null && partition == null && limit === null) {
    const { partitionId, index } = await regionOfId(region, loaders)
    return { partitionId, region: index, limit, box }
  }
  if (partition != null && region == null) {
    const { id } = await partitionOfId(partition, loaders)
    return { partitionId: id, region: null, limit, box }
  }
  throw new AtlasError(
    'BAD_ARGUMENT',
    'computeFacets needs exactly one of region and partition, and limit goes with partition alone: leave out the others.',
  )
}
