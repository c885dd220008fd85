import { AtlasError } from '../errors.ts'
import { concatNumbers } from '../floats.ts'
import { stateSize, statesBefore, type Program, type States } from './program.ts'

/** A point, as its values in the network's input space, or in the space before the layer where a walk begins. */
export interface Point {
  space: 'INPUT' | 'ACTIVATION'
  values: Float64Array
}

/** A side of a slice: the point where it ends, or its direction and length in the space where the slice lies. */
export type Side = { to: Point } | { along: Float64Array }

/**
 * The states before a layer at two points a segment.
 * @param from, to segments x inputSize
 */
export function endsOf(
  program: Program,
  from: Float64Array,
  to: Float64Array,
  segments: number,
  fromLayer: number,
): Promise<States> {
  const size = program.inputSize
  const ends = new Float64Array(2 * segments * size)
  for (let segment = 0; segment < segments; segment++) {
    ends.set(from.subarray(segment * size, (segment + 1) * size), 2 * segment * size)
    ends.set(to.subarray(segment * size, (segment + 1) * size), (2 * segment + 1) * size)
  }
  return statesBefore(program, ends, 2 * segments, fromLayer)
}

/**
 * The states before a layer at some points, one row each.
 * @throws AtlasError WRONG_INPUT_SIZE where a point has not as many values as its space has dimensions
 */
export async function statesAt(program: Program, points: readonly Point[], layer: number): Promise<States> {
  const live = program.live[layer]
  const sizes = live.map((state) => stateSize(program, state))
  const states: States = []
  live.forEach((state, i) => (states[state] = new Float64Array(points.length * sizes[i])))
  for (const [row, { space, values }] of points.entries()) {
    const wanted = space === 'INPUT' ? program.inputSize : sizes.reduce((sum, size) => sum + size, 0)
    if (values.length !== wanted) throw wrongSize(space, wanted, values.length)
    const own = space === 'INPUT' ? await statesBefore(program, values, 1, layer) : undefined
    let first = 0
    live.forEach((state, i) => {
      const part = own?.[state] ?? values.subarray(first, first + sizes[i])
      states[state]?.set(part, row * sizes[i])
      first += sizes[i]
    })
  }
  return states
}

/** A point's coordinates in the space before a layer: those of all states that are read there, one after the other. */
export async function coordinatesOf(program: Program, point: Point, layer: number): Promise<Float64Array> {
  const states = await statesAt(program, [point], layer)
  return concatNumbers(
    Float64Array,
    states.flatMap((state) => (state ? [state] : [])),
  )
}

/**
 * The states before a layer at the corners origin, origin + u, origin + u + v and origin + v of a parallelogram.
 * @throws AtlasError WRONG_INPUT_SIZE
 */
export async function cornersOf(
  program: Program,
  origin: Point,
  u: Side,
  v: Side,
  layer: number,
): Promise<States> {
  const at = await statesAt(program, [origin], layer)
  const ends = [await endOf(program, at, u, layer), await endOf(program, at, v, layer)]
  return at.map((start, state) => {
    if (!start) return undefined
    const [endU, endV] = ends.map((end) => end[state] ?? start)
    const opposite = start.map((value, i) => endU[i] + (endV[i] - value))
    return concatNumbers(Float64Array, [start, endU, opposite, endV])
  })
}

/** The states at the end of a side. */
async function endOf(program: Program, origin: States, side: Side, layer: number): Promise<States> {
  if ('to' in side) return statesAt(program, [side.to], layer)
  const wanted = origin.reduce((sum, state) => sum + (state?.length ?? 0), 0)
  if (side.along.length !== wanted)
    throw wrongSize(layer === 0 ? 'INPUT' : 'ACTIVATION', wanted, side.along.length)
  let first = 0
  return origin.map((state) => {
    if (!state) return undefined
    const from = first
    first += state.length
    return state.map((value, i) => value + side.along[from + i])
  })
}

function wrongSize(space: Point['space'], wanted: number, given: number): AtlasError {
  const what = space === 'INPUT' ? 'An input of this network' : 'A point in the space before this layer'
  return new AtlasError('WRONG_INPUT_SIZE', `${what} has ${wanted} values, not ${given}.`)
}
