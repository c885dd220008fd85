import type { SeriesMemberResolvers, SeriesResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { networkOf } from '../lookup.ts'
import { readSeriesTraining } from '../training.ts'

/** A series, its networks and its training. */
export const seriesResolvers: SeriesResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Series, [id]),
  path: ({ name }) => name,
  members: ({ id }, _args, { loaders }) => loaders.membersOfSeries.load([id]),
  training: readSeriesTraining,
}

/** The network that a member names by its key. */
export const seriesMemberResolvers: SeriesMemberResolvers = {
  network: (member, _args, { loaders }) => networkOf(member, loaders),
}
