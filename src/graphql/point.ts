import { AtlasError } from '../../compute/errors.ts'
import { inputValues } from '../jobs/direct/inputValues.ts'
import type { Point } from '../jobs/direct/segment.ts'
import type { Loaders } from '../store/loaders.ts'
import type { PointInput } from './generated/types.ts'
import { placeOfInput, unknownInput } from './inputOfId.ts'

/**
 * A point that an argument gives: an input's values in the network's input space, or values in the space before
 * `layer`. Throws BAD_ARGUMENT, BAD_ID, BAD_PATH, UNKNOWN_INPUT.
 */
export async function readPoint(
  argument: string,
  { input, values }: PointInput,
  layer: number,
  loaders: Loaders,
): Promise<Point> {
  if ((input == null) === (values == null))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `"${argument}" needs exactly one of input and values: name an input, or give the coordinates.`,
    )
  if (values != null)
    return { space: layer === 0 ? 'INPUT' : 'ACTIVATION', values: Float64Array.from(values) }
  const [datasetId, index] = await placeOfInput(input ?? '', loaders)
  const [raw, dataset] = await Promise.all([
    loaders.rawValues.load([datasetId, index]),
    loaders.datasetById.load([datasetId]),
  ])
  if (!dataset || !raw) throw unknownInput(input ?? '')
  return { space: 'INPUT', values: Float64Array.from(inputValues(raw, dataset)) }
}
