import type { GraphQLResolveInfo } from 'graphql'
import { AtlasError } from '../../../compute/errors.ts'
import { codeOfBits } from '../../jobs/direct/bits.ts'
import { misfitFilter, misfitOrder } from '../../store/misfits.ts'
import type { PartitionRow } from '../../store/models.ts'
import { regionOrders } from '../../store/regions.ts'
import { storedConnection } from '../connection.ts'
import type { Context } from '../context.ts'
import type { PartitionMisfitsArgs, PartitionRegionsArgs, PartitionResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { rangeAnswer } from '../positionFilter.ts'
import { datasetOf, isExact, layerOf, networkOf, pathOfPartition } from '../lookup.ts'
import { regionCondition } from '../regionCondition.ts'
import { regionColumnsAsked } from '../regionsAsked.ts'

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
  embeddings: ({ id }, _args, { loaders }) => loaders.embeddingsOfPartition.load([id]),
  polytopeCount: ({ id }, _args, { loaders }) => loaders.polytopeCount.load([id]),
  regions,
  regionAt: ({ id }, { index }, { loaders }) => loaders.region.load([id, index]),
  regionColumns: (partition) => partition,
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

async function regions(
  partition: PartitionRow,
  args: PartitionRegionsArgs,
  { loaders }: Context,
  info: GraphQLResolveInfo,
) {
  const order = regionOrders[args.orderBy ?? 'INDEX_ASC']
  const filter = await regionCondition(partition, args.filter, loaders)
  return storedConnection(loaders.regionsOfPartition, [partition.id], args, info, {
    order,
    columns: regionColumnsAsked,
    ...(filter ? { filter } : { count: async () => partition.regionCount }),
  })
}

function misfits(
  { id }: PartitionRow,
  args: PartitionMisfitsArgs,
  { loaders }: Context,
  info: GraphQLResolveInfo,
) {
  const minPurity = args.minPurity ?? 0.9
  const minMembers = args.minMembers ?? 5
  if (!(minPurity >= 0 && minPurity <= 1 && minMembers >= 1))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `minPurity is ${minPurity} and minMembers ${minMembers}: give a share from 0 to 1 and a number of members from 1.`,
    )
  return storedConnection(loaders.misfits, [id], args, info, {
    order: misfitOrder,
    filter: misfitFilter(minPurity, minMembers),
  })
}
