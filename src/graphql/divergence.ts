import { AtlasError } from '../../compute/errors.ts'
import { layerDivergences } from '../jobs/direct/divergence.ts'
import type { Context } from './context.ts'
import type { QueryDivergenceArgs } from './generated/types.ts'
import { inputOfId } from './inputOfId.ts'
import { networkOfName } from './lookup.ts'
import { readPrediction } from './prediction.ts'

/**
 * Where the two inputs of the arguments part. Throws UNKNOWN_NETWORK, UNKNOWN_INPUT, BAD_ID, BAD_PATH, BAD_ARGUMENT,
 * NOT_COMPUTED.
 */
export async function readDivergence(args: QueryDivergenceArgs, { loaders }: Context) {
  const [network, a, b] = await Promise.all([
    networkOfName(args.network, loaders),
    inputOfId(args.a, loaders),
    inputOfId(args.b, loaders),
  ])
  if (a.datasetId !== b.datasetId)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `"${args.a}" and "${args.b}" are inputs of two datasets: give two inputs of one dataset.`,
    )
  const layers = await layerDivergences(loaders, network, a, b)
  const [predictionA, predictionB] = await Promise.all([
    readPrediction(network, a, loaders),
    readPrediction(network, b, loaders),
  ])
  const first = layers.find(({ differingBitCount }) => differingBitCount > 0)
  return { network, a, b, layers, firstLayer: first?.layer ?? null, predictionA, predictionB }
}
