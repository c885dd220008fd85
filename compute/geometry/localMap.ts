import { AtlasError } from '../errors.ts'
import { concatNumbers } from '../floats.ts'
import type { Windows } from '../gates/pieces.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import type { Program, States } from './program.ts'

/** Entries of one layer's coefficients at most: 2 GiB. */
const MAX_ENTRIES = 2 ** 28

/** An affine function of a point s of the space where a span of layers begins: A (s - base) + value. */
export interface AffineFunction {
  /** Rows x dimension. */
  matrix: Float64Array
  /** At the base point. */
  value: Float64Array
}

/** The guards of a layer's gate inside a region, see `Gate`. */
export interface GuardFunction extends AffineFunction {
  bitsPerUnit: number
  /** Where the guards are entries of windows; else there is one guard a bit of the code, positive where it is set. */
  windows?: Windows
}

/** What a network is inside one region of a span of layers. */
export interface LocalMap {
  /** Dimension of the space where the span begins: that of the network's input, or of the states before `fromLayer`. */
  dimension: number
  /** The base point. */
  base: Float64Array
  /** Of the span's layers, in the order of the code's bits. */
  guards: GuardFunction[]
  /** What the span ends with: the scores where its last layer is the network's, else that layer's output. */
  output: AffineFunction
}

/** A region of a span of layers, by its code. */
export interface RegionOfSpan {
  fromLayer: number
  toLayer: number
  /** One entry a bit of the span: layer, then position, then unit. */
  bits: Uint8Array
}

/**
 * The affine map of a region and the guards that bound it. One batch carries the base point, a row of zeros
 * (whose image is the bias) and the unit vectors through the span; the code, not the base point, decides each gate.
 *
 * @param base the states before `fromLayer` at a point, one row each; in the region or not, the map is the region's
 * @throws AtlasError TOO_LARGE where a layer's coefficients would not fit into 2 GiB
 */
export async function localMap(
  program: Program,
  region: RegionOfSpan,
  base: States,
  stopped: Stopped = neverStopped,
): Promise<LocalMap> {
  const { fromLayer, toLayer, bits } = region
  const dimension = base.reduce((sum, state) => sum + (state?.length ?? 0), 0)
  const rows = dimension + 2
  let states = probes(base, rows)
  let bit = 0
  const guards: GuardFunction[] = []
  for (let layer = fromLayer; layer <= toLayer; layer++) {
    throwIfStopped(stopped)
    const { size } = program.parts[layer]
    const gate = program.gates[layer]
    refuseLarge(gate.guardCount, dimension)
    const images = await program.parts[layer].run(states, rows)
    const { bitsPerUnit } = gate
    const functions = gate.guardFunction(readFunction(images, size, dimension))
    guards.push({ ...functions, bitsPerUnit, ...(gate.kind === 'WINDOWS' && { windows: gate.windows }) })
    const code = bits.subarray(bit, (bit += gate.bitCount))
    const passed = gate.applyPiece(withoutOffset(images, size), code)
    states = program.live[layer + 1].reduce<States>((next, state) => {
      next[state] = state === layer + 1 ? passed : states[state]
      return next
    }, [])
    if (layer === toLayer && layer + 1 < program.parts.length) {
      const output = readFunction(passed, gate.outputSize, dimension)
      return { dimension, base: flatten(base), guards, output }
    }
  }
  refuseLarge(program.scores.size, dimension)
  const scores = await program.scores.run(states, rows)
  const output = readFunction(scores, program.scores.size, dimension)
  return { dimension, base: flatten(base), guards, output }
}

function refuseLarge(size: number, dimension: number): void {
  if (size * (dimension + 2) <= MAX_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `A layer of ${size} boundaries over ${dimension} dimensions has ${size * dimension} coefficients, more than ` +
      `${MAX_ENTRIES}. Choose a span that begins later or holds fewer units.`,
  )
}

function flatten(states: States): Float64Array {
  return concatNumbers(
    Float64Array,
    states.filter((state) => state !== undefined),
  )
}

/** The base point, zeros, and the unit vectors of all states together. */
function probes(base: States, rows: number): States {
  let first = 2
  return base.map((state) => {
    if (state === undefined) return undefined
    const size = state.length
    const values = new Float64Array(rows * size)
    values.set(state)
    for (let i = 0; i < size; i++) values[(first + i) * size + i] = 1
    first += size
    return values
  })
}

/** Coefficients from the images of the probes: that of a unit vector less the bias, turned to one row an output. */
function readFunction(images: Float64Array, size: number, dimension: number): AffineFunction {
  const matrix = new Float64Array(size * dimension)
  for (let axis = 0; axis < dimension; axis++) {
    const image = (axis + 2) * size
    for (let i = 0; i < size; i++) matrix[i * dimension + axis] = images[image + i] - images[size + i]
  }
  return { matrix, value: images.slice(0, size) }
}

/** The images without their offset, but for the base point's; the row of zeros stays one, so that it gives the bias. */
function withoutOffset(images: Float64Array, size: number): Float64Array {
  const rows = images.length / size
  for (let row = 2; row < rows; row++) {
    for (let i = 0; i < size; i++) images[row * size + i] -= images[size + i]
  }
  return images.fill(0, size, 2 * size)
}
