import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { MisfitRow } from '../../store/models.ts'
import type { MisfitResolvers } from '../generated/types.ts'
import { networkOf, partitionOf } from '../lookup.ts'
import { readPrediction } from '../prediction.ts'

/** An input among others of another label. */
export const misfitResolvers: MisfitResolvers = {
  input: (misfit) => misfit,
  region: async ({ partitionId, region }, _args, { loaders }) =>
    existing(await loaders.region.load([partitionId, region])),
  prediction: (misfit, _args, { loaders }) => predictionOf(misfit, loaders),
  misclassified: async (misfit, _args, { loaders }) =>
    (await predictionOf(misfit, loaders)).label !== misfit.label,
}

async function predictionOf(misfit: MisfitRow, loaders: Loaders) {
  const network = await networkOf(await partitionOf(misfit, loaders), loaders)
  return readPrediction(network, misfit, loaders)
}
