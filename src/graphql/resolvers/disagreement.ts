import { existing } from '../../store/existing.ts'
import type { DisagreementResolvers } from '../generated/types.ts'

/** An input on which two networks disagree; what did not order the page is read where it is asked for. */
export const disagreementResolvers: DisagreementResolvers = {
  input: async ({ datasetId, index }, _args, { loaders }) =>
    existing(await loaders.input.load([datasetId, index])),
  labelA: async ({ disagreements, index }) => (await disagreements.predictions()).labelsA[index],
  labelB: async ({ disagreements, index }) => (await disagreements.predictions()).labelsB[index],
  predictionDistance: async ({ disagreements, index }) =>
    (await disagreements.predictions()).distances?.[index] ?? null,
  differingBitCount: async ({ disagreements, index }) => (await disagreements.codes())?.[index] ?? null,
}
