import { bootstrapMean, meanOf, type Estimate } from '../compare/bootstrap.ts'
import { randomBelow } from '../compare/random.ts'
import { AtlasError } from '../errors.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import { countSegments } from './countSegments.ts'
import { randomDirections } from './facets/random.ts'
import type { Program } from './program.ts'

/** Around what kind of points lines are walked. */
export type Neighborhood =
  /** Inputs of the dataset. */
  | 'DATA'
  /** Midpoints of pairs of inputs. */
  | 'BETWEEN'
  /** Points whose every coordinate is that of some input, each of another: its values, without its structure. */
  | 'RANDOM'

/** Inputs, and how to walk around them. */
export interface ComplexityTask {
  /** Inputs x values of one, float32: those that were drawn. */
  inputs: Float32Array
  /** Half the length of a line; null for half the median distance of an input to the nearest other. */
  radius: number | null
  /** The last layer whose boundaries count. */
  toLayer: number
  seed: number
}

/** How many boundaries lie around points. */
export interface LocalComplexity {
  radius: number
  /** Boundaries met a unit of length. */
  densities: { neighborhood: Neighborhood; points: number; boundaryDensity: Estimate }[]
}

/**
 * Boundaries a unit of length on lines in random directions through points near data, between and at random: a local
 * density of polytopes (Hanin and Rolnick, "Complexity of linear regions in deep networks", 2019; local complexity in
 * Humayun, Balestriero and Baraniuk, "Deep networks always grok and here is why", 2024). Each point has one line, centred
 * on it; crossings are counted exactly, the points and directions are a sample.
 *
 * @throws AtlasError BAD_ARGUMENT where the inputs are fewer than two, or all equal and there is no radius
 */
export async function localComplexity(
  program: Program,
  { inputs, radius: given, toLayer, seed }: ComplexityTask,
  stopped: Stopped = neverStopped,
): Promise<LocalComplexity> {
  const size = program.inputSize
  const radius = given ?? halfMedianDistance(inputs, size, stopped)
  if (!(radius > 0))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `The radius is ${radius}, which gives lines of no length: choose one above 0, or a dataset with inputs that differ.`,
    )
  const rows = inputs.length / size
  const directions = randomDirections(size, seed)
  const centres = centresOf(inputs, size, seed)
  const densities: LocalComplexity['densities'] = []
  for (const neighborhood of ['DATA', 'BETWEEN', 'RANDOM'] as const) {
    const from = new Float64Array(rows * size)
    const to = new Float64Array(rows * size)
    for (let row = 0; row < rows; row++) {
      const direction = directions()
      for (let i = 0, at = row * size; i < size; i++, at++) {
        from[at] = centres[neighborhood][at] - radius * direction[i]
        to[at] = centres[neighborhood][at] + radius * direction[i]
      }
    }
    const { regionCount, length } = await countSegments(
      program,
      { from, to, segments: rows, fromLayer: 0, toLayer },
      stopped,
    )
    const perUnit = Float64Array.from(regionCount, (count, row) => (count - 1) / length[row])
    densities.push({ neighborhood, points: rows, boundaryDensity: bootstrapMean(perUnit, seed, stopped) })
  }
  return { radius, densities }
}

/** The points of each kind, one an input. */
function centresOf(inputs: Float32Array, size: number, seed: number): Record<Neighborhood, Float64Array> {
  const rows = inputs.length / size
  const below = randomBelow(seed)
  const between = new Float64Array(inputs.length)
  const random = new Float64Array(inputs.length)
  for (let row = 0; row < rows; row++) {
    // Any other one.
    const other = (row + 1 + below(rows - 1)) % rows
    for (let i = 0, at = row * size; i < size; i++, at++) {
      between[at] = (inputs[at] + inputs[other * size + i]) / 2
      random[at] = inputs[below(rows) * size + i]
    }
  }
  return { DATA: Float64Array.from(inputs), BETWEEN: between, RANDOM: random }
}

/** Half the median over the inputs of the distance to the nearest other. */
function halfMedianDistance(inputs: Float32Array, size: number, stopped: Stopped): number {
  const rows = inputs.length / size
  const nearest = new Float64Array(rows).fill(Infinity)
  for (let a = 0; a < rows; a++) {
    throwIfStopped(stopped)
    for (let b = 0; b < a; b++) {
      let square = 0
      for (let i = 0; i < size; i++) square += (inputs[a * size + i] - inputs[b * size + i]) ** 2
      nearest[a] = Math.min(nearest[a], square)
      nearest[b] = Math.min(nearest[b], square)
    }
  }
  const sorted = nearest.map(Math.sqrt).sort()
  return meanOf(Float64Array.of(sorted[(rows - 1) >> 1], sorted[rows >> 1])) / 2
}
