import { AtlasError } from '../errors.ts'
import { bitsPerUnit, type GatePieces, type Windows } from '../gates/pieces.ts'
import { packLayer, type PackedLayer } from './pack.ts'

/** Pre-activations that are written out guard by guard at a time: 1 MiB of them. */
const CHUNK = 1 << 18

/** What packing needs to know of a layer. */
export interface GateShape {
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
 * @param pre rows x preActivationCount, float32
 * @throws AtlasError NON_FINITE_ACTIVATION when a pre-activation is NaN or infinite
 */
export function packGate(pre: Float32Array, rows: number, layer: GateShape): PackedLayer {
  const { gate, positionCount, unitCount } = layer
  if (gate.kind === 'WINDOWS') return packWindows(pre, rows, gate)
  const { thresholds } = gate
  return thresholds.length === 1
    ? packLayer(pre, rows, positionCount, unitCount, thresholds[0])
    : packSteps(pre, rows, layer, thresholds)
}

/** Several thresholds: each unit becomes one guard a bit, which is packed as a unit with the threshold 0. */
function packSteps(
  pre: Float32Array,
  rows: number,
  { positionCount, unitCount }: GateShape,
  thresholds: readonly number[],
): PackedLayer {
  const bits = thresholds.length * unitCount
  const size = positionCount * unitCount
  const stride = positionCount * Math.ceil(bits / 8)
  const packed = emptyLayer(rows * positionCount, bits)
  const chunk = Math.max(1, Math.floor(CHUNK / size))
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk)
    const guards = guardsOf(pre.subarray(from * size, to * size), thresholds)
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

function packWindows(pre: Float32Array, rows: number, windows: Windows): PackedLayer {
  const { units, positions, window, entries, inputSize } = windows
  const bits = bitsPerUnit(windows)
  const stride = Math.ceil((units * bits) / 8)
  const packed = emptyLayer(rows * positions, units * bits)
  for (let site = 0; site < rows * positions; site++) {
    const row = Math.floor(site / positions) * inputSize
    for (let unit = 0; unit < units; unit++) {
      const first = ((site % positions) * units + unit) * window
      const { winner, lead } = winnerAt(pre, row, entries, first, window)
      if (lead !== Infinity) {
        packed.absSum += lead
        packed.count++
      }
      if (!(lead >= packed.margins[site])) packed.margins[site] = lead
      for (let bit = 0; bit < bits; bit++) {
        const place = unit * bits + bit
        packed.codes[site * stride + (place >>> 3)] |= ((winner >>> bit) & 1) << (place & 7)
      }
    }
  }
  if (!Number.isFinite(packed.absSum)) throw nonFinite(pre, inputSize)
  return packed
}

/** The first of the greatest entries of a window, and its lead over the next value below; NaN where one is not finite. */
function winnerAt(pre: Float32Array, row: number, entries: Int32Array, first: number, window: number) {
  let [winner, most, next] = [0, -Infinity, -Infinity]
  for (let entry = 0; entry < window; entry++) {
    const place = entries[first + entry]
    if (place < 0) continue
    const value = pre[row + place]
    if (!Number.isFinite(value)) return { winner, lead: NaN }
    if (value > most) {
      winner = entry
      next = most
      most = value
    } else if (value < most && value > next) next = value
  }
  return { winner, lead: Math.fround(most - next) }
}

function emptyLayer(sites: number, bits: number): PackedLayer {
  const codes = new Uint8Array(sites * Math.ceil(bits / 8))
  return { codes, margins: new Float32Array(sites).fill(Infinity), absSum: 0, count: 0 }
}

function nonFinite(pre: Float32Array, size: number): AtlasError {
  const at = pre.findIndex((value) => !Number.isFinite(value))
  return new AtlasError(
    'NON_FINITE_ACTIVATION',
    `The pre-activation ${at % size} of row ${Math.floor(at / size)} is ${pre[at]}: no entry of its window wins. ` +
      'Check this input for NaN or huge values, and the network for weights that overflow float32.',
  )
}
