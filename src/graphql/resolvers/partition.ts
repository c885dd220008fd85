import { AtlasError } from '../../../compute/errors.ts'
import { codeOfBits } from '../../jobs/direct/bits.ts'
import { misfitFilter, misfitOrder } from '../../store/misfits.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { PartitionRow } from '../../store/models.ts'
import { regionFilter, regionOrders, type BitValue } from '../../store/regions.ts'
import { spanLayers, type SpanLayer } from '../../store/span.ts'
import { storedConnection } from '../connection.ts'
import type { Context } from '../context.ts'
import { clusterKeyOf } from '../clusters.ts'
import type {
  BitCondition,
  PartitionMisfitsArgs,
  PartitionRegionsArgs,
  PartitionResolvers,
} from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { rangeAnswer } from '../positionFilter.ts'
import { datasetOf, isExact, layerOf, networkOf, pathOfPartition } from '../lookup.ts'

/** A partition and its regions. */
export const partitionResolvers: PartitionResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Partition, [id]),
  path: (partition, _args, { loaders }) => pathOfPartition(partition, loaders),
  network: (partition, _args, { loaders }) => networkOf(partition, loaders),
  dataset: (partition, _args, { loaders }) => datasetOf(partition, loaders),
  fromLayer: ({ networkId, fromLayer }, _args, { loaders }) => layerOf(networkId, fromLayer, loaders),
  toLayer: ({ networkId, toLayer }, _args, { loaders }) => layerOf(networkId, toLayer, loaders),
  job: ({ jobId }, _args, { loaders }) => (jobId === null ? null : loaders.job.load([jobId])),
  exact: (partition, _args, { loaders }) => isExact(partition, loaders),
  positions: (partition) => rangeAnswer(partition),
  clusterings: ({ id }, _args, { loaders }) => loaders.clusteringsOfPartition.load([id]),
  directionSets: ({ id }, _args, { loaders }) => loaders.directionSetsOfPartition.load([id]),
  polytopeCount: ({ id }, _args, { loaders }) => loaders.polytopeCount.load([id]),
  regions,
  misfits,
  async region({ id, bitCount }, { bits }, { loaders }) {
    if (bits.length !== bitCount)
      throw new AtlasError(
        'BAD_ARGUMENT',
        `A code of this partition has ${bitCount} bits, and ${bits.length} were given: give all of them.`,
      )
    const { hash, bytes } = codeOfBits(bits)
    const [region, code] = await Promise.all([
      loaders.regionByCode.load([id, hash]),
      loaders.code.load([hash, bitCount]),
    ])
    return code?.bits.equals(bytes) ? region : null
  },
}

async function regions(partition: PartitionRow, args: PartitionRegionsArgs, { loaders }: Context) {
  const order = regionOrders[args.orderBy ?? 'INDEX_ASC']
  const { bits, cluster, ...filter } = args.filter ?? {}
  const conditions = {
    ...filter,
    bits: await bitValues(partition, bits ?? [], loaders),
    cluster: cluster == null ? null : await clusterKeyOf(cluster, partition, loaders),
  }
  const unfiltered = Object.values(conditions).every(
    (value) => value == null || (Array.isArray(value) && !value.length),
  )
  return storedConnection(loaders.regionsOfPartition, [partition.id], args, {
    order,
    ...(unfiltered ? { count: async () => partition.regionCount } : { filter: regionFilter(conditions) }),
  })
}

function misfits({ id }: PartitionRow, args: PartitionMisfitsArgs, { loaders }: Context) {
  const minPurity = args.minPurity ?? 0.9
  const minMembers = args.minMembers ?? 5
  if (!(minPurity >= 0 && minPurity <= 1 && minMembers >= 1))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `minPurity is ${minPurity} and minMembers ${minMembers}: give a share from 0 to 1 and a number of members from 1.`,
    )
  return storedConnection(loaders.misfits, [id], args, {
    order: misfitOrder,
    filter: misfitFilter(minPurity, minMembers),
  })
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
