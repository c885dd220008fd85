import { AtlasError } from '../errors.ts'
import { bitsPerUnit, type GatePieces, type Steps, type Windows } from '../gates/pieces.ts'
import { extentsOf, toCodeOrder, type UnitLayout } from '../gates/unitLayout.ts'
import { packPlanes, packWindows } from '../kernels/index.ts'
import { emptyLayer, nonFinite, packLayer, type PackedLayer } from './pack.ts'

/** Pre-activations that are written out guard by guard at a time: 1 MiB of them. */
const CHUNK = 1 << 18

/** What packing needs to know of a layer: its gate, and how its units lie in the pre-activation. */
export interface GateShape extends UnitLayout {
  readonly unitCount: number
  readonly positionCount: number
  readonly gate: GatePieces
}

/** Pre-activations of one sample that a layer's gate reads. */
export function preActivationCount({ gate, unitCount, positionCount }: GateShape): number {
  return gate.kind === 'WINDOWS' ? gate.inputSize : unitCount * positionCount
}

/**
 * Packs the pre-activations of a layer with any gate, see {@link packLayer}. A site's code has the bits of unit after
 * unit; its margin is the least distance to a boundary between pieces. Entries of a window that equal its winner, such
 * as zeros after a Relu, are no boundary: a site without any has the margin Infinity.
 *
 * @param pre rows x preActivationCount, float32, as they lie in memory
 * @throws AtlasError NON_FINITE_ACTIVATION when a pre-activation is NaN or infinite
 */
export function packGate(pre: Float32Array, rows: number, layer: GateShape): PackedLayer {
  const { gate } = layer
  if (gate.kind === 'WINDOWS') return packPools(pre, rows, gate)
  return gate.thresholds.length === 1
    ? packUnits(pre, rows, layer, gate.thresholds[0])
    : packSteps(pre, rows, layer, gate)
}

/** One threshold: units lie side by side, or each is a plane of positions. */
function packUnits(pre: Float32Array, rows: number, layer: GateShape, threshold: number): PackedLayer {
  const { unitCount: units, positionCount } = layer
  const { outer, inner: positions } = extentsOf(layer)
  if (positions === 1) return packLayer(pre, rows, positionCount, units, threshold)
  const packed = emptyLayer(rows * positionCount, units)
  const shape = { samples: rows * outer, units, positions }
  packed.absSum = packPlanes(pre, shape, threshold, packed.codes, packed.margins)
  packed.count = pre.length
  if (Number.isFinite(packed.absSum)) return packed
  const at = pre.findIndex((value) => !Number.isFinite(Math.fround(threshold - value)))
  const plane = Math.floor(at / positions)
  const site = Math.floor(plane / units) * positions + (at % positions)
  throw nonFinite({ site, unit: plane % units }, positionCount, pre[at])
}

/** Several thresholds: each unit becomes one guard a bit, which is packed as a unit with the threshold 0. */
function packSteps(pre: Float32Array, rows: number, layer: GateShape, { thresholds }: Steps): PackedLayer {
  const { positionCount, unitCount } = layer
  const bits = thresholds.length * unitCount
  const size = positionCount * unitCount
  const stride = positionCount * Math.ceil(bits / 8)
  const packed = emptyLayer(rows * positionCount, bits)
  const chunk = Math.max(1, Math.floor(CHUNK / size))
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk)
    const values = toCodeOrder(Float32Array, layer, pre.subarray(from * size, to * size))
    const guards = guardsOf(values, thresholds)
    const part = packLayer(guards, to - from, positionCount, unitCount, 0, thresholds.length)
    packed.codes.set(part.codes, from * stride)
    packed.margins.set(part.margins, from * positionCount)
    packed.absSum += part.absSum
    packed.count += part.count
  }
  return packed
}

/** x - threshold for each threshold, in float32, whose differences lose no sign. */
function guardsOf(pre: Float32Array, thresholds: readonly number[]): Float32Array {
  const guards = new Float32Array(pre.length * thresholds.length)
  const rounded = thresholds.map(Math.fround)
  let at = 0
  for (const value of pre) for (const threshold of rounded) guards[at++] = value - threshold
  return guards
}

function packPools(pre: Float32Array, rows: number, windows: Windows): PackedLayer {
  const { units, positions, window, entries, inputSize } = windows
  const { codes, margins, sum, count, finite } = packWindows(pre, {
    ...{ samples: rows, units, positions, window },
    plane: inputSize / units,
    places: placesOfUnit(entries, units * window, window),
    bits: bitsPerUnit(windows),
  })
  if (finite) return { codes, margins, absSum: sum, count }
  const at = pre.findIndex((value) => !Number.isFinite(value))
  throw new AtlasError(
    'NON_FINITE_ACTIVATION',
    `The pre-activation ${at % inputSize} of row ${Math.floor(at / inputSize)} is ${pre[at]}: no entry of its window ` +
      'wins. Check this input for NaN or huge values, and the network for weights that overflow float32.',
  )
}

/** The entries of the first unit, position after position: every unit's lie in its plane as these do. */
function placesOfUnit(entries: Int32Array, step: number, window: number): Int32Array {
  const places = new Int32Array((entries.length / step) * window)
  for (let from = 0, to = 0; from < entries.length; from += step, to += window)
    places.set(entries.subarray(from, from + window), to)
  return places
}
