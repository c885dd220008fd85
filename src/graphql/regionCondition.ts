/** The condition behind a filter of a partition's regions. */
import { AtlasError } from '../../compute/errors.ts'
import type { Sql } from '../store/database.ts'
import type { Loaders } from '../store/loaders.ts'
import type { PartitionRow } from '../store/models.ts'
import { regionFilter, type BitValue } from '../store/regions.ts'
import { spanLayers, type SpanLayer } from '../store/span.ts'
import { clusterKeyOf } from './clusters.ts'
import type { BitCondition, RegionFilter } from './generated/types.ts'

/**
 * The condition on regions `r` of a partition, null where all meet it. Throws BAD_ARGUMENT (a bit that the span lacks)
 * and what `clusterKeyOf` throws.
 */
export async function regionCondition(
  partition: PartitionRow,
  asked: RegionFilter | null | undefined,
  loaders: Loaders,
): Promise<Sql | null> {
  const { bits, cluster, ...filter } = asked ?? {}
  const conditions = {
    ...filter,
    bits: await bitValues(partition, bits ?? [], loaders),
    cluster: cluster == null ? null : await clusterKeyOf(cluster, partition, loaders),
  }
  const unfiltered = Object.values(conditions).every(
    (value) => value == null || (Array.isArray(value) && !value.length),
  )
  return unfiltered ? null : regionFilter(conditions)
}

/** The places in the code of the bits that a filter names. Throws BAD_ARGUMENT for one that the span lacks. */
async function bitValues(
  partition: PartitionRow,
  conditions: readonly BitCondition[],
  loaders: Loaders,
): Promise<BitValue[]> {
  if (conditions.length === 0) return []
  const span = spanLayers(partition, await loaders.layersOfNetwork.load([partition.networkId]))
  return conditions.map((condition) => ({ bit: placeOf(condition, span), value: condition.value }))
}

function placeOf(condition: BitCondition, span: readonly SpanLayer[]): number {
  const { layer: index, unit } = condition
  const position = condition.position ?? 0
  const bit = condition.bit ?? 0
  const found = span.find(({ layer }) => layer.index === index)
  if (!found)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `Layer ${index} is not in the partition's span: choose one from ${span[0].layer.index} to ${span[span.length - 1].layer.index}.`,
    )
  const { layer, positionCount, firstBit } = found
  const { unitCount, bitsPerUnit } = layer
  const isIn = (value: number, count: number) => value >= 0 && value < count
  if (isIn(unit, unitCount) && isIn(position, positionCount) && isIn(bit, bitsPerUnit))
    return firstBit + (position * unitCount + unit) * bitsPerUnit + bit
  throw new AtlasError(
    'BAD_ARGUMENT',
    `A code of this partition has no bit ${bit} of unit ${unit} at position ${position} of layer ${index}: choose a unit ` +
      `from 0 to ${unitCount - 1}, a position from 0 to ${positionCount - 1} and a bit from 0 to ${bitsPerUnit - 1}.`,
  )
}
