import type { GraphQLResolveInfo } from 'graphql'
import { AtlasError } from '../../../compute/errors.ts'
import { sql } from '../../store/database.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { InputRow, SegmentRow, SegmentSetRow } from '../../store/models.ts'
import { segmentSetPath } from '../../store/path.ts'
import { groupKindFilter, segmentFilter, segmentGroupOrder, segmentOrders } from '../../store/segmentSets.ts'
import { storedConnection } from '../connection.ts'
import type { Context } from '../context.ts'
import type {
  SegmentGroupResolvers,
  SegmentSetResolvers,
  SegmentSetSegmentsArgs,
  StoredSegmentResolvers,
} from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { datasetOf, layerOf, networkOf } from '../lookup.ts'

/** A segment set, its statistics and its segments. */
export const segmentSetResolvers: SegmentSetResolvers = {
  id: ({ id }) => toGlobalId(idTypes.SegmentSet, [id]),
  async path(set, _args, { loaders }) {
    const [network, dataset] = await Promise.all([networkOf(set, loaders), datasetOf(set, loaders)])
    return segmentSetPath({ ...set, network: network.name, dataset: dataset.name })
  },
  network: (set, _args, { loaders }) => networkOf(set, loaders),
  dataset: (set, _args, { loaders }) => datasetOf(set, loaders),
  fromLayer: ({ networkId, fromLayer }, _args, { loaders }) => layerOf(networkId, fromLayer, loaders),
  toLayer: ({ networkId, toLayer }, _args, { loaders }) => layerOf(networkId, toLayer, loaders),
  sampled: ({ segmentCount, pairCount }) => segmentCount < pairCount,
  job: ({ jobId }, _args, { loaders }) => (jobId === null ? null : loaders.job.load([jobId])),
  groups: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.segmentGroups, [id], args, info, {
      order: segmentGroupOrder,
      ...(args.kind && { filter: groupKindFilter(args.kind) }),
    }),
  segments,
}

function segments(
  set: SegmentSetRow,
  args: SegmentSetSegmentsArgs,
  { loaders }: Context,
  info: GraphQLResolveInfo,
) {
  const order = segmentOrders[args.orderBy ?? 'INDEX_ASC']
  const { kind = null, labels = null } = args.filter ?? {}
  if (labels !== null && labels.length !== 1 && labels.length !== 2)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `${labels.length} labels are given: give one, which an end has, or two, which the two ends have.`,
    )
  // Chunks that are done before the set is would make a list that grows while it is read.
  if (set.computedAt === null)
    return storedConnection(loaders.segments, [set.id], args, info, { order, filter: sql`false` })
  const unfiltered = kind === null && labels === null
  return storedConnection(loaders.segments, [set.id], args, info, {
    order,
    ...(unfiltered ? { count: async () => set.segmentCount } : { filter: segmentFilter(kind, labels ?? []) }),
  })
}

/** Statistics of a group. */
export const segmentGroupResolvers: SegmentGroupResolvers = {
  regionCount: ({ estimates }) => estimates.regionCount,
  predictionChanges: ({ estimates }) => estimates.predictionChanges,
  boundaryDensity: ({ estimates }) => estimates.boundaryDensity,
  endpointDensity: ({ estimates }) => estimates.endpointDensity,
  profile: ({ estimates: { profile } }) =>
    profile?.map((bin, i) => ({ ...bin, from: i / profile.length, to: (i + 1) / profile.length })) ?? null,
  atChange: ({ estimates }) => estimates.atChange,
  aroundChange: ({ estimates: { aroundChange } }) =>
    aroundChange && {
      ...aroundChange,
      distances: aroundChange.distances.map((at, distance) => ({ ...at, distance })),
    },
}

/** A stored segment, the inputs that it names by index, and its densities. */
export const storedSegmentResolvers: StoredSegmentResolvers = {
  from: ({ setId, fromInput }, _args, { loaders }) => inputOf(setId, fromInput, loaders),
  to: ({ setId, toInput }, _args, { loaders }) => inputOf(setId, toInput, loaders),
  endpointHammingDistance: ({ endpointDistance }) => endpointDistance,
  boundaryDensity: (segment) => perLength(segment, segment.regionCount - 1),
  endpointDensity: (segment) => perLength(segment, segment.endpointDistance),
}

async function inputOf(setId: number, index: number, loaders: Loaders): Promise<InputRow> {
  const { datasetId } = existing(await loaders.segmentSetById.load([setId]))
  return existing(await loaders.input.load([datasetId, index]))
}

function perLength({ length }: SegmentRow, count: number): number | null {
  return length === 0 ? null : count / length
}
