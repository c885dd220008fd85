import { AtlasError } from '../errors.ts'
import { statesBefore, type Program, type States } from './program.ts'

/** A point, as its values in the network's input space, or in the space before the layer where a walk begins. */
export interface Point {
  space: 'INPUT' | 'ACTIVATION'
  values: Float64Array
}

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
  const sizes = live.map((state) => (state === 0 ? program.inputSize : program.parts[state - 1].size))
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

function wrongSize(space: Point['space'], wanted: number, given: number): AtlasError {
  const what = space === 'INPUT' ? 'An input of this network' : 'A point in the space before this layer'
  return new AtlasError('WRONG_INPUT_SIZE', `${what} has ${wanted} values, not ${given}.`)
}
