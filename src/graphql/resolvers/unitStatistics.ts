import { byChance } from '../../jobs/direct/unitStatistics.ts'
import type { UnitStatisticsResolvers } from '../generated/types.ts'

/** A unit over a dataset; what chance gives is computed where it is asked for. */
export const unitStatisticsResolvers: UnitStatisticsResolvers = {
  baselineLabelEntropy: (unit) => byChance(unit).labelEntropy,
  baselineMutualInformation: (unit) => byChance(unit).mutualInformation,
}
