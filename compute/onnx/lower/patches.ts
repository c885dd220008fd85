import { elementCount } from '../../shape.ts'
import type { Emitter } from './emitter.ts'

/**
 * Gathers what lies under each place of a window. The batch is turned to the last axis before: a Gather then copies
 * runs of numbers instead of single ones, which made a convolution 2 to 10 times as fast as patches in row order.
 *
 * @param data batch x channels x places
 * @param indices kernel entries x output places; `size` itself reads a 0 behind the last place
 * @param size places a channel
 * @returns the name of channels x kernel entries x output places x batch
 */
export function gatherPatches(
  emitter: Emitter,
  data: string,
  channels: number,
  size: number,
  indices: Int32Array,
  [kernelSize, outputSize]: readonly [number, number],
): string {
  const rows = emitter.reshape(data, [-1, channels * size])
  const columns = emitter.node('Transpose', [rows], { perm: [1, 0] })
  const places = emitter.reshape(columns, [channels, size, -1])
  const padded = indices.includes(size) ? withZero(emitter, places) : places
  const isWhole = kernelSize === 1 && outputSize === size && indices.every((place, i) => place === i)
  if (isWhole) return emitter.reshape(padded, [channels, 1, size, -1])
  return emitter.node('Gather', [padded, emitter.integers(indices, [kernelSize, outputSize])], { axis: 1 })
}

/** Turns channels x places x batch (any axes of so many elements) back to batch x shape. */
export function batchFirst(
  emitter: Emitter,
  columns: string,
  shape: readonly number[],
  output?: string,
): string {
  const flat = emitter.reshape(columns, [elementCount(shape), -1])
  return emitter.reshape(emitter.node('Transpose', [flat], { perm: [1, 0] }), [-1, ...shape], output)
}

/** channels x places x batch with one more place, which holds 0. */
function withZero(emitter: Emitter, places: string): string {
  const pads = [0, 0, 0, 0, 1, 0]
  if (emitter.opset < 11) return emitter.node('Pad', [places], { pads })
  return emitter.node('Pad', [places, emitter.integers(Int32Array.from(pads), [6])])
}
