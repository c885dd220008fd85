/** One axis that a Resize changes. */
export interface ResizedAxis {
  readonly input: number
  readonly output: number
  /** As the file gives it, or the output's size over the input's; a float32. */
  readonly scale: number
}

/** How a Resize reads between the places of its input, in the words of ONNX. */
export interface Interpolation {
  readonly mode: string
  readonly coordinates: string
  /** How `nearest` rounds; `simple` in operator sets before 11. */
  readonly rounding: string
  readonly cubicCoefficient: number
  readonly excludeOutside: boolean
}

/**
 * The places of the input that `nearest` takes, one a place of the output.
 *
 * @param how its other fields than `coordinates` and `rounding` do not count
 */
export function nearestPlaces(axis: ResizedAxis, { coordinates, rounding }: Interpolation): Int32Array {
  const round = ROUNDINGS.get(rounding) ?? unknown(rounding)
  return Int32Array.from(coordinatesOf(axis, coordinates), (x) =>
    clamp(round(x, axis.scale < 1), axis.input - 1),
  )
}

/** Output x input: what each place of the input weighs in each of the output, for `linear` and `cubic`. */
export function weightsOf(axis: ResizedAxis, how: Interpolation): Float64Array<ArrayBuffer> {
  const { input, output } = axis
  const weights = new Float64Array(output * input)
  coordinatesOf(axis, how.coordinates).forEach((x, place) => {
    const taps = how.mode === 'linear' ? linearTaps(x, input) : cubicTaps(x, input, how)
    for (const { at, weight } of taps) weights[place * input + clamp(at, input - 1)] += weight
  })
  return weights
}

/** What a place of the input weighs; one outside of it stands for the nearest inside. */
interface Tap {
  readonly at: number
  readonly weight: number
}

function linearTaps(coordinate: number, size: number): Tap[] {
  const x = clamp(coordinate, size - 1)
  const below = Math.floor(x)
  return [
    { at: below, weight: 1 - (x - below) },
    { at: below + 1, weight: x - below },
  ]
}

/** Cubic convolution (Keys, "Cubic convolution interpolation for digital image processing", 1981). */
function cubicTaps(x: number, size: number, { cubicCoefficient: a, excludeOutside }: Interpolation): Tap[] {
  const below = Math.floor(x)
  const taps = [-1, 0, 1, 2].map((offset) => {
    const d = Math.abs(x - below - offset)
    const near = ((a + 2) * d - (a + 3)) * d * d + 1
    const far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return { at: below + offset, weight: d <= 1 ? near : far }
  })
  if (!excludeOutside) return taps
  const inside = taps.filter(({ at }) => at >= 0 && at < size)
  const sum = inside.reduce((all, { weight }) => all + weight, 0)
  return inside.map(({ at, weight }) => ({ at, weight: weight / sum }))
}

/**
 * Where the places of the output lie between those of the input. In float32, step by step as ONNX Runtime computes it
 * for the codes: in float64 `nearest` would take another place where a coordinate is halfway but for rounding.
 */
function coordinatesOf(axis: ResizedAxis, name: string): number[] {
  const coordinate = COORDINATES.get(name) ?? unknown(name)
  return Array.from({ length: axis.output }, (_, place) => coordinate(place, axis))
}

type Coordinate = (place: number, axis: ResizedAxis) => number

const f = Math.fround

const halfPixel: Coordinate = (place, { scale }) => f(f((place + 0.5) / scale) - 0.5)

const COORDINATES: ReadonlyMap<string, Coordinate> = new Map<string, Coordinate>([
  ['asymmetric', (place, { scale }) => f(place / scale)],
  ['half_pixel', halfPixel],
  ['pytorch_half_pixel', (place, axis) => (axis.output > 1 ? halfPixel(place, axis) : 0)],
  ['tf_half_pixel_for_nn', (place, { scale }) => f((place + 0.5) / scale)],
  [
    'align_corners',
    (place, { input, output }) => (output === 1 ? 0 : f(f(place * (input - 1)) / (output - 1))),
  ],
  [
    'half_pixel_symmetric',
    (place, { input, output, scale }) => {
      const adjustment = f(output / f(scale * input))
      return f(f((input / 2) * f(1 - adjustment)) + (place + 0.5) / scale - 0.5)
    },
  ],
])

/** ONNX Runtime takes a coordinate for halfway that is so near to it; version 1.30. */
const HALFWAY = 1e-6

const ROUNDINGS: ReadonlyMap<string, (x: number, shrinks: boolean) => number> = new Map([
  ['round_prefer_floor', (x: number) => Math.ceil(x - 0.5 - HALFWAY)],
  ['round_prefer_ceil', (x: number) => Math.floor(x + 0.5 + HALFWAY)],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  ['simple', (x: number, shrinks: boolean) => (shrinks ? Math.ceil(x) : Math.floor(x))],
])

function clamp(x: number, largest: number): number {
  return Math.min(Math.max(0, x), largest)
}

/** ONNX Runtime has refused such a file before. */
function unknown(name: string): never {
  throw new RangeError(`Resize knows no ${name}`)
}
