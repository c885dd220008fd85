import { AtlasError } from '../errors.ts'
import { concatNumbers } from '../floats.ts'
import { elementsByBit, toTensorOrder } from '../onnx/index.ts'
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

/** What a network is inside one region of a span of layers. */
export interface LocalMap {
  /** Dimension of the space where the span begins: that of the network's input, or of the states before `fromLayer`. */
  dimension: number
  /** The base point. */
  base: Float64Array
  /** Pre-activations of the span's layers, one row a unit, in the order of the code's bits. */
  preActivations: AffineFunction[]
  /** What the span ends with: the scores where its last layer is the network's, else that layer's output. Tensor order. */
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
 * The affine map of a region and the pre-activations that bound it. One batch carries the base point, a row of zeros
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
  const preActivations: AffineFunction[] = []
  for (let layer = fromLayer; layer <= toLayer; layer++) {
    throwIfStopped(stopped)
    const { size } = program.parts[layer]
    refuseLarge(size, dimension)
    const images = await program.parts[layer].run(states, rows)
    const layout = program.summary.layers[layer]
    preActivations.push(readFunction(images, elementsByBit(layout), dimension))
    const on = toTensorOrder(Uint8Array, layout, bits.subarray(bit, bit + size))
    passGate(images, size, on, program.gates[layer].negativeSlope)
    bit += size
    states = program.live[layer + 1].reduce<States>((next, state) => {
      next[state] = state === layer + 1 ? images : states[state]
      return next
    }, [])
    if (layer === toLayer && layer + 1 < program.parts.length) {
      const output = readFunction(images, inOrder(size), dimension)
      return { dimension, base: flatten(base), preActivations, output }
    }
  }
  refuseLarge(program.scores.size, dimension)
  const scores = await program.scores.run(states, rows)
  const output = readFunction(scores, inOrder(program.scores.size), dimension)
  return { dimension, base: flatten(base), preActivations, output }
}

function refuseLarge(size: number, dimension: number): void {
  if (size * (dimension + 2) <= MAX_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `A layer of ${size} units over ${dimension} dimensions has ${size * dimension} coefficients, more than ` +
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

/**
 * Coefficients from the images of the probes: that of a unit vector less the bias, turned to one row an output.
 * @param elements which element of an image each row is
 */
function readFunction(images: Float64Array, elements: Int32Array, dimension: number): AffineFunction {
  const size = elements.length
  const matrix = new Float64Array(size * dimension)
  for (let axis = 0; axis < dimension; axis++) {
    const image = (axis + 2) * size
    for (let row = 0; row < size; row++) {
      const element = elements[row]
      matrix[row * dimension + axis] = images[image + element] - images[size + element]
    }
  }
  return { matrix, value: Float64Array.from(elements, (element) => images[element]) }
}

/** Every element, in tensor order. */
function inOrder(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, element) => element)
}

/** Scales the units that are off; the row of zeros stays one, so that the rows after it stay without bias. */
function passGate(images: Float64Array, size: number, bits: Uint8Array, negativeSlope: number): void {
  const rows = images.length / size
  for (let row = 2; row < rows; row++) {
    for (let i = 0; i < size; i++) images[row * size + i] -= images[size + i]
  }
  images.fill(0, size, 2 * size)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < size; i++) if (bits[i] === 0) images[row * size + i] *= negativeSlope
  }
}
