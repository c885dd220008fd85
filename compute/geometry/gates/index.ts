/** Gates in float64, from the description of their pieces. */
import { elementsByBit, type LayerInfo } from '../../onnx/index.ts'
import { stepsGate, type StepsGate } from './steps.ts'
import { windowsGate, type WindowsGate } from './windows.ts'

export { placesOf, type Change, type Gate } from './gate.ts'
export { winnerOf } from './leaders.ts'
export { readWinner, windowOf, writeWinner, type WindowsGate } from './windows.ts'

/** A gate whose pieces are affine. */
export type ExactGate = StepsGate | WindowsGate

/** The gate of a layer. */
export function exactGate({ gate, ...layout }: LayerInfo): ExactGate {
  if (gate.kind === 'WINDOWS') return windowsGate(gate)
  if (gate.pieces === null) throw new TypeError('The pieces of a smooth gate are not affine')
  return stepsGate({ ...gate, pieces: gate.pieces }, elementsByBit(layout))
}
