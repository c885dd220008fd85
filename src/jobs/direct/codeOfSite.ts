import { assembleSpan } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { InputRow, PartitionRow } from '../../store/models.ts'
import { positionsIn } from '../../store/positions.ts'
import { codeBytes } from '../../store/regionCodes.ts'

/**
 * The packed code that a site of any dataset has over a partition's span, from the stored codes of its layers; null
 * where the partition leaves the position out. Throws NOT_COMPUTED where the codes are not stored.
 */
export async function codeOfSite(
  loaders: Loaders,
  partition: PartitionRow,
  { datasetId, index }: InputRow,
  position: number,
): Promise<Uint8Array | null> {
  const { networkId, fromLayer, toLayer, granularity } = partition
  const layers = (await loaders.layersOfNetwork.load([networkId])).slice(fromLayer, toLayer + 1)
  const positions = granularity === 'WHOLE_INPUT' ? [0] : positionsIn(partition, layers[0].positionCount)
  if (!positions.includes(position)) return null
  const stored = await Promise.all(
    layers.map((layer) => loaders.layerCode.load([networkId, datasetId, layer.index, index])),
  )
  const parts = layers.map(({ unitCount, bitsPerUnit, positionCount }, i) => {
    const codes = stored[i]
    if (!codes) throw notStored(partition)
    return { units: unitCount * bitsPerUnit, positions: positionCount, codes }
  })
  const stride = codeBytes(partition)
  return assembleSpan(parts, 1, granularity).subarray(position * stride, (position + 1) * stride)
}

function notStored({ fromLayer, toLayer }: PartitionRow): AtlasError {
  return new AtlasError(
    'NOT_COMPUTED',
    `The codes of this input are not stored: create a partition of its dataset by layers ${fromLayer} to ${toLayer} of ` +
      "the partition's network, and ask again when its job has finished.",
  )
}
