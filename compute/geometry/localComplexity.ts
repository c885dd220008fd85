import { bootstrapMean, meanOf, type Estimate } from '../compare/bootstrap.ts'
import { randomBelow } from '../compare/random.ts'
import { AtlasError } from '../errors.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import { segmentsAtOnce } from './countSegments.ts'
import { coordinatesOf, statesAt, type Point } from './ends.ts'
import { randomDirections } from './facets/random.ts'
import type { Program } from './program.ts'
import { walkSegments } from './segments.ts'

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
  /** The lines run in the space before this layer, through the activations of the inputs there. */
  fromLayer: number
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

/** Coordinates of all points of a kind at most: some hundred MB for the three kinds. */
const MAX_COORDINATES = 2 ** 24

/**
 * Boundaries a unit of length on lines in random directions through points near data, between and at random: a local
 * density of polytopes (Hanin and Rolnick, "Complexity of linear regions in deep networks", 2019; local complexity in
 * Humayun, Balestriero and Baraniuk, "Deep networks always grok and here is why", 2024). Each point has one line, centred
 * on it; crossings are counted exactly, the points and directions are a sample.
 *
 * @throws AtlasError BAD_ARGUMENT where the inputs have too many coordinates, or are all equal and there is no radius
 */
export async function localComplexity(
  program: Program,
  { inputs, radius: given, fromLayer, toLayer, seed }: ComplexityTask,
  stopped: Stopped = neverStopped,
): Promise<LocalComplexity> {
  const rows = inputs.length / program.inputSize
  const data = await placesOf(program, inputs, fromLayer, stopped)
  const size = data.length / rows
  const radius = given ?? halfMedianDistance(data, size, stopped)
  if (!(radius > 0))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `The radius is ${radius}, which gives lines of no length: choose one above 0, or a dataset with inputs that differ.`,
    )
  const directions = randomDirections(size, seed)
  const centres = { DATA: data, ...madeOf(data, size, seed) }
  const densities: LocalComplexity['densities'] = []
  for (const neighborhood of ['DATA', 'BETWEEN', 'RANDOM'] as const) {
    const perUnit = new Float64Array(rows)
    const batch = segmentsAtOnce(program)
    for (let first = 0; first < rows; first += batch) {
      throwIfStopped(stopped)
      const segments = Math.min(batch, rows - first)
      const lines = Array.from({ length: segments }, (_, i) => {
        const at = (first + i) * size
        return lineThrough(centres[neighborhood].subarray(at, at + size), directions(), radius)
      })
      const ends = await statesAt(program, lines.flat(), fromLayer)
      const walks = await walkSegments(program, { ends, segments, fromLayer, toLayer }, stopped)
      for (const [i, { regionCount, length }] of walks.entries())
        perUnit[first + i] = (regionCount - 1) / length
    }
    densities.push({ neighborhood, points: rows, boundaryDensity: bootstrapMean(perUnit, seed, stopped) })
  }
  return { radius, densities }
}

/** Throws BAD_ARGUMENT where so many points of a space have more coordinates than memory is meant for. */
export function checkCoordinates(points: number, dimension: number): void {
  if (points * dimension <= MAX_COORDINATES) return
  throw new AtlasError(
    'BAD_ARGUMENT',
    `${points} points of ${dimension} coordinates each are too many: ask for ${Math.floor(MAX_COORDINATES / dimension)} at ` +
      'most.',
  )
}

/** The coordinates of inputs in the space before a layer, one row an input. */
async function placesOf(
  program: Program,
  inputs: Float32Array,
  layer: number,
  stopped: Stopped,
): Promise<Float64Array> {
  const { inputSize } = program
  const rows = inputs.length / inputSize
  let places = new Float64Array()
  for (let row = 0; row < rows; row++) {
    throwIfStopped(stopped)
    const values = Float64Array.from(inputs.subarray(row * inputSize, (row + 1) * inputSize))
    const place = await coordinatesOf(program, { space: 'INPUT', values }, layer)
    if (row === 0) {
      checkCoordinates(rows, place.length)
      places = new Float64Array(rows * place.length)
    }
    places.set(place, row * place.length)
  }
  return places
}

/** The ends of a line that has its middle at a point. */
function lineThrough(centre: Float64Array, direction: Float64Array, radius: number): Point[] {
  return [-radius, radius].map((by) => ({
    space: 'ACTIVATION',
    values: centre.map((value, i) => value + by * direction[i]),
  }))
}

/** As many points of the other kinds as there are of the data. */
function madeOf(
  data: Float64Array,
  size: number,
  seed: number,
): Record<Exclude<Neighborhood, 'DATA'>, Float64Array> {
  const rows = data.length / size
  const below = randomBelow(seed)
  const between = new Float64Array(data.length)
  const random = new Float64Array(data.length)
  for (let row = 0; row < rows; row++) {
    // Any other one.
    const other = (row + 1 + below(rows - 1)) % rows
    for (let i = 0, at = row * size; i < size; i++, at++) {
      between[at] = (data[at] + data[other * size + i]) / 2
      random[at] = data[below(rows) * size + i]
    }
  }
  return { BETWEEN: between, RANDOM: random }
}

/** Half the median over some points of the distance to the nearest other. */
function halfMedianDistance(points: Float64Array, size: number, stopped: Stopped): number {
  const rows = points.length / size
  const nearest = new Float64Array(rows).fill(Infinity)
  for (let a = 0; a < rows; a++) {
    throwIfStopped(stopped)
    for (let b = 0; b < a; b++) {
      let square = 0
      for (let i = 0; i < size; i++) square += (points[a * size + i] - points[b * size + i]) ** 2
      nearest[a] = Math.min(nearest[a], square)
      nearest[b] = Math.min(nearest[b], square)
    }
  }
  const sorted = nearest.map(Math.sqrt).sort()
  return meanOf(Float64Array.of(sorted[(rows - 1) >> 1], sorted[rows >> 1])) / 2
}
