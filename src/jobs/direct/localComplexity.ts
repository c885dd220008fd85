/** How many polytopes lie near the inputs of a dataset, counted on the spot. */
import { drawIndices } from '../../../compute/compare/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import {
  checkCoordinates,
  runGeometry,
  type LocalComplexity as Counted,
} from '../../../compute/geometry/index.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { DatasetRow, NetworkRow } from '../../store/models.ts'
import { spanOf, type AskedSpan } from './geometrySpan.ts'
import { inputValues } from './inputValues.ts'
import type { NetworkFiles } from './networkFiles.ts'

/** Points of each kind at most: some seconds of the small networks that geometry is for. */
const MAX_POINTS = 1000

/** Greatest seed: a number that GraphQL holds. */
const MAX_SEED = 2 ** 31 - 1

/** Near which inputs, and how. */
export interface ComplexityQuestion extends AskedSpan {
  network: NetworkRow
  dataset: DatasetRow
  radius: number | null
  points: number
  seed: number
}

/** What was counted, and of how many inputs. */
export interface LocalComplexity extends Counted {
  dataset: DatasetRow
  fromLayer: number
  toLayer: number
  points: number
  seed: number
  sampled: true
}

/**
 * Draws inputs and walks lines around them on a worker thread, see `localComplexity` in compute/geometry.
 * @throws AtlasError BAD_ARGUMENT (points, radius, seed), TOO_FEW_INPUTS, BAD_SPAN, WRONG_INPUT_SIZE, NOT_PIECEWISE_AFFINE
 */
export async function localComplexity(
  files: NetworkFiles,
  loaders: Loaders,
  question: ComplexityQuestion,
  signal: AbortSignal,
): Promise<LocalComplexity> {
  const { network, dataset, radius, seed } = question
  checkQuestion(question)
  const { fromLayer, toLayer } = spanOf(question)
  const points = Math.min(question.points, dataset.inputCount)
  checkCoordinates(points, elementsOf(dataset.shape))
  const drawn = drawIndices(points, dataset.inputCount, seed)
  const samples = await Promise.all([...drawn].map((index) => loaders.rawValues.load([dataset.id, index])))
  const values = samples.map((raw) => inputValues(existing(raw), dataset))
  const size = values[0].length
  const inputs = new Float32Array(points * size)
  values.forEach((sample, i) => inputs.set(sample, i * size))
  const file = await files.load(network)
  const counted = await runGeometry(
    'localComplexity',
    { network: file, inputs, radius, fromLayer, toLayer, seed },
    signal,
  )
  return { ...counted, dataset, fromLayer, toLayer, points, seed, sampled: true }
}

function checkQuestion({ dataset, points, radius, seed, network }: ComplexityQuestion): void {
  if (points < 2 || points > MAX_POINTS)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `points is ${points}: ask for 2 to ${MAX_POINTS} points of each kind.`,
    )
  if (radius !== null && !(radius > 0 && Number.isFinite(radius)))
    throw new AtlasError('BAD_ARGUMENT', `radius is ${radius}: choose a number above 0.`)
  if (seed < 0 || seed > MAX_SEED)
    throw new AtlasError('BAD_ARGUMENT', `seed is ${seed}: choose a seed from 0 to ${MAX_SEED}.`)
  if (dataset.inputCount < 2)
    throw new AtlasError(
      'TOO_FEW_INPUTS',
      `The dataset "${dataset.name}" has one input: choose one with two at least.`,
    )
  const [wanted, given] = [elementsOf(network.inputShape), elementsOf(dataset.shape)]
  if (wanted !== given)
    throw new AtlasError(
      'WRONG_INPUT_SIZE',
      `An input of "${network.name}" has ${wanted} values, and one of "${dataset.name}" ${given}: ` +
        'choose a dataset of its size.',
    )
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((all, side) => all * side, 1)
}
