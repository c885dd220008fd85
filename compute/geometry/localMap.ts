import { AtlasError } from '../errors.ts'
import { concatNumbers } from '../floats.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import { keptWith, type Program, type States } from './program.ts'

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
 * The affine map of a region and the pre-activations that bound it, see {@link localMaps}.
 * @param base the states before `fromLayer` at a point, one row each
 * @throws AtlasError TOO_LARGE
 */
export async function localMap(
  program: Program,
  { bits, ...span }: RegionOfSpan,
  base: States,
  stopped: Stopped = neverStopped,
): Promise<LocalMap> {
  const [map] = await localMaps(program, span, [bits], base, stopped)
  return map
}

/**
 * The affine maps of regions and the pre-activations that bound them. One batch carries each region's base point, a row
 * of zeros (whose image is the bias) and the unit vectors through the span; the codes, not the base points, decide each
 * gate.
 *
 * @param codes of the regions: one entry a bit of the span each
 * @param base the states before `fromLayer` at a point a region, regions x elements; in the region or not, the map is
 *   the region's
 * @throws AtlasError TOO_LARGE where a layer's coefficients would not fit into 2 GiB
 */
export async function localMaps(
  program: Program,
  { fromLayer, toLayer }: Omit<RegionOfSpan, 'bits'>,
  codes: readonly Uint8Array[],
  base: States,
  stopped: Stopped = neverStopped,
): Promise<LocalMap[]> {
  const regions = codes.length
  const dimension = base.reduce((sum, state) => sum + (state?.length ?? 0), 0) / regions
  const rows = regions * (dimension + 2)
  const preActivations: AffineFunction[][] = []
  let states = probes(base, regions, dimension)
  let images: Float64Array = new Float64Array()
  let bit = 0
  for (let layer = fromLayer; layer <= toLayer; layer++) {
    throwIfStopped(stopped)
    const { size } = program.parts[layer]
    refuseLarge(size, rows)
    images = await program.parts[layer].run(states, rows)
    preActivations.push(readFunctions(images, size, regions))
    for (const [region, bits] of codes.entries()) {
      const own = images.subarray((region * rows * size) / regions, ((region + 1) * rows * size) / regions)
      passGate(own, size, bits.subarray(bit, bit + size), program.gates[layer].negativeSlope)
    }
    bit += size
    states = keptWith(program, states, layer, images)
  }
  if (toLayer + 1 === program.parts.length) {
    refuseLarge(program.scores.size, rows)
    images = await program.scores.run(states, rows)
  }
  const outputs = readFunctions(images, images.length / rows, regions)
  return codes.map((_, region) => ({
    dimension,
    base: concatNumbers(Float64Array, rowOfEach(base, regions, region)),
    preActivations: preActivations.map((layer) => layer[region]),
    output: outputs[region],
  }))
}

function refuseLarge(size: number, rows: number): void {
  if (size * rows <= MAX_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `A layer of ${size} units at ${rows} points has ${size * rows} coefficients, more than ${MAX_ENTRIES}. ` +
      'Choose a span that begins later or holds fewer units.',
  )
}

/** One row of each state that is there. */
function rowOfEach(states: States, rows: number, row: number): Float64Array[] {
  return states
    .filter((state) => state !== undefined)
    .map((state) => state.subarray((row * state.length) / rows, ((row + 1) * state.length) / rows))
}

/** Per region its base point, zeros, and the unit vectors of all states together. */
function probes(base: States, regions: number, dimension: number): States {
  let first = 2
  return base.map((state) => {
    if (state === undefined) return undefined
    const size = state.length / regions
    const values = new Float64Array(regions * (dimension + 2) * size)
    for (let region = 0; region < regions; region++) {
      const row = region * (dimension + 2)
      values.set(state.subarray(region * size, (region + 1) * size), row * size)
      for (let i = 0; i < size; i++) values[(row + first + i) * size + i] = 1
    }
    first += size
    return values
  })
}

/** Coefficients from the images of each region's probes: that of a unit vector less the bias, one row an output. */
function readFunctions(images: Float64Array, size: number, regions: number): AffineFunction[] {
  const rows = images.length / size / regions
  return Array.from({ length: regions }, (_, region) => {
    const own = images.subarray(region * rows * size, (region + 1) * rows * size)
    const dimension = rows - 2
    const matrix = new Float64Array(size * dimension)
    for (let axis = 0; axis < dimension; axis++) {
      const image = (axis + 2) * size
      for (let i = 0; i < size; i++) matrix[i * dimension + axis] = own[image + i] - own[size + i]
    }
    return { matrix, value: own.slice(0, size) }
  })
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
