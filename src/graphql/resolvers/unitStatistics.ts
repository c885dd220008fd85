import type { UnitStatisticsResolvers } from '../generated/types.ts'

/** A unit over a dataset; what chance gives is computed where it is asked for. */
export const unitStatisticsResolvers: UnitStatisticsResolvers = {
  baselineLabelEntropy: async ({ chance }) => (await chance()).labelEntropy,
  baselineMutualInformation: async ({ chance }) => (await chance()).mutualInformation,
}
