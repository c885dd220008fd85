/** How many polytopes lie near the inputs of a dataset, counted on the spot. */
import { drawIndices } from '../../../compute/compare/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import { runGeometry, type LocalComplexity as Counted } from '../../../compute/geometry/index.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { DatasetRow, NetworkRow } from '../../store/models.ts'
import { spanOf } from './geometrySpan.ts'
import { inputValues } from './inputValues.ts'
import type { NetworkFiles } from './networkFiles.ts'

/** Points of each kind at most: some seconds of the small networks that geometry is for. */
const MAX_POINTS = 1000

/** Values of all points of a kind at most: 64 MiB in float64, of which several are in memory. */
const MAX_VALUES = 2 ** 23

/** Greatest seed: a number that GraphQL holds. */
const MAX_SEED = 2 ** 31 - 1

/** Near which inputs, and how. */
export interface ComplexityQuestion {
  network: NetworkRow
  layerCount: number
  dataset: DatasetRow
  /** Null for the last layer. */
  toLayer: number | null
  radius: number | null
  points: number
  seed: number
}

/** What was counted, and of how many inputs. */
export interface LocalComplexity extends Counted {
  dataset: DatasetRow
  toLayer: number
  points: number
  seed: number
}

/**
 * Draws inputs and walks lines around them on a worker thread, see `localComplexity` in compute/geometry.
 * @throws AtlasError BAD_ARGUMENT (points, radius, seed), TOO_FEW_INPUTS, TOO_LARGE, BAD_SPAN, WRONG_INPUT_SIZE, NOT_PIECEWISE_AFFINE
 */
export async function localComplexity(
  files: NetworkFiles,
  loaders: Loaders,
  question: ComplexityQuestion,
  signal: AbortSignal,
): Promise<LocalComplexity> {
  const { network, dataset, radius, seed, layerCount } = question
  checkQuestion(question)
  const { toLayer } = spanOf({ layerCount, fromLayer: null, toLayer: question.toLayer })
  const points = Math.min(question.points, dataset.inputCount)
  checkValues(points, dataset)
  const drawn = drawIndices(points, dataset.inputCount, seed)
  const samples = await Promise.all([...drawn].map((index) => loaders.rawValues.load([dataset.id, index])))
  const values = samples.map((raw) => inputValues(existing(raw), dataset))
  const size = values[0].length
  const inputs = new Float32Array(points * size)
  values.forEach((sample, i) => inputs.set(sample, i * size))
  const file = await files.load(network)
  const counted = await runGeometry(
    'localComplexity',
    { network: file, inputs, radius, toLayer, seed },
    signal,
  )
  return { ...counted, dataset, toLayer, points, seed }
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
  if (elements(network.inputShape) !== elements(dataset.shape))
    throw new AtlasError(
      'WRONG_INPUT_SIZE',
      `An input of "${network.name}" has ${elements(network.inputShape)} values, and one of "${dataset.name}" ` +
        `${elements(dataset.shape)}: choose a dataset of its size.`,
    )
}

function checkValues(points: number, { shape, name }: DatasetRow): void {
  const most = Math.floor(MAX_VALUES / elements(shape))
  if (points <= most) return
  throw new AtlasError(
    'TOO_LARGE',
    `${points} inputs of "${name}" have more than ${MAX_VALUES} values: ask for ${most} points at most.`,
  )
}

function elements(shape: readonly number[]): number {
  return shape.reduce((all, side) => all * side, 1)
}
