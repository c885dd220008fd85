import { AtlasError } from '../errors.ts'
import { concatNumbers } from '../floats.ts'
import type { Windows } from '../gates/pieces.ts'
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
  /** Of the span's layers; of steps in the order of the code's bits. */
  guards: GuardFunction[]
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
 * The affine map of a region and the guards that bound it, see {@link localMaps}.
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
 * The affine maps of regions and the guards that bound them. One batch carries each region's base point, a row
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
  const guards = codes.map((): GuardFunction[] => [])
  let states = probes(base, regions, dimension)
  let images: Float64Array = new Float64Array()
  let bit = 0
  for (let layer = fromLayer; layer <= toLayer; layer++) {
    throwIfStopped(stopped)
    const gate = program.gates[layer]
    refuseLarge(gate.guardCount, rows)
    const pre = await program.parts[layer].run(states, rows)
    readFunctions(pre, program.parts[layer].size, regions).forEach((read, region) =>
      guards[region].push({
        ...gate.guardFunction(read),
        bitsPerUnit: gate.bitsPerUnit,
        ...(gate.kind === 'WINDOWS' && { windows: gate.windows }),
      }),
    )
    images = passGates(pre, program, layer, codes, bit)
    bit += gate.bitCount
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
    guards: guards[region],
    output: outputs[region],
  }))
}

/** The output of the pieces that the regions' codes name, from a bit on, of the images of each region's probes. */
function passGates(
  images: Float64Array,
  program: Program,
  layer: number,
  codes: readonly Uint8Array[],
  firstBit: number,
): Float64Array {
  const gate = program.gates[layer]
  const values = images.length / codes.length
  const passed = codes.map((code, region) => {
    const own = images.subarray(region * values, (region + 1) * values)
    const bits = code.subarray(firstBit, firstBit + gate.bitCount)
    return gate.applyPiece(withoutOffset(own, program.parts[layer].size), bits)
  })
  return passed.length === 1 ? passed[0] : concatNumbers(Float64Array, passed)
}

function refuseLarge(size: number, rows: number): void {
  if (size * rows <= MAX_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `A layer of ${size} boundaries at ${rows} points has ${size * rows} coefficients, more than ${MAX_ENTRIES}. ` +
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

/** The images without their offset, but for the base point's; the row of zeros stays one, so that it gives the bias. */
function withoutOffset(images: Float64Array, size: number): Float64Array {
  const rows = images.length / size
  for (let row = 2; row < rows; row++) {
    for (let i = 0; i < size; i++) images[row * size + i] -= images[size + i]
  }
  return images.fill(0, size, 2 * size)
}
