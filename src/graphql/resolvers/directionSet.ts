import { monosemanticity } from '../../jobs/direct/monosemanticity.ts'
import { floatsOf } from '../../store/encoding.ts'
import { directionSetSuffix } from '../../store/path.ts'
import type {
  DirectionResolvers,
  DirectionSetResolvers,
  MatchedDirectionsResolvers,
  MonosemanticityResolvers,
} from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { partitionOf, pathOfPartition } from '../lookup.ts'

/** A direction set, its directions, and what they are compared with. */
export const directionSetResolvers: DirectionSetResolvers = {
  id: ({ id }) => toGlobalId(idTypes.DirectionSet, [id]),
  path: async (set, _args, { loaders }) =>
    `${await pathOfPartition(await partitionOf(set, loaders), loaders)}/${directionSetSuffix(set)}`,
  partition: (set, _args, { loaders }) => partitionOf(set, loaders),
  job: ({ jobId }, _args, { loaders }) => (jobId === null ? null : loaders.job.load([jobId])),
  directions: ({ id }, { kind }, { loaders }) => loaders.directions.load([id, kind]),
  async monosemanticity(set, _args, { db, loaders, signal }) {
    const partition = await partitionOf(set, loaders)
    const clusterings = await loaders.clusteringsOfPartition.load([partition.id])
    return monosemanticity(db, set, partition, clusterings, signal)
  },
}

/** A stored direction. */
export const directionResolvers: DirectionResolvers = {
  values: ({ values }) => [...floatsOf(values)],
}

/** Sets of sites beside directions. */
export const monosemanticityResolvers: MonosemanticityResolvers = {
  setCount: ({ sets }) => sets.setCount,
  siteCount: ({ sets }) => sets.siteCount,
  labelEntropy: ({ sets }) => sets.labelEntropy,
  purity: ({ sets }) => sets.purity,
  mutualInformation: ({ sets }) => sets.mutualInformation,
}

/** A family of directions at the sizes of sets. */
export const matchedDirectionsResolvers: MatchedDirectionsResolvers = {
  family: ({ kind }) => kind,
  matchedShare: ({ matched }) => matched?.matchedShare ?? 0,
  labelEntropy: ({ matched }) => matched?.labelEntropy ?? null,
  leastLabelEntropy: ({ matched }) => matched?.leastLabelEntropy ?? null,
  purity: ({ matched }) => matched?.purity ?? null,
  mutualInformation: ({ matched }) => matched?.mutualInformation ?? null,
}
