import { AtlasError } from '../../compute/errors.ts'
import { floatsOf } from '../store/encoding.ts'
import type { Loaders } from '../store/loaders.ts'
import type { InputRow, NetworkRow } from '../store/models.ts'
import type { Prediction } from './generated/types.ts'

/** What a network makes of an input, as it is stored. Throws NOT_COMPUTED where it is not. */
export async function readPrediction(
  network: NetworkRow,
  { datasetId, index }: InputRow,
  loaders: Loaders,
): Promise<Prediction> {
  const stored = await loaders.scores.load([network.id, datasetId, index])
  if (!stored)
    throw new AtlasError(
      'NOT_COMPUTED',
      `Network "${network.name}" has not been run on this input: compute a partition of its dataset by that network first.`,
    )
  const scores = [...floatsOf(stored)]
  return { scores, label: scores.indexOf(scores.reduce((a, b) => Math.max(a, b), -Infinity)) }
}
