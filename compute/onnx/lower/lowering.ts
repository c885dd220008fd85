import type { NodeProto } from 'onnx-buf'
import { AtlasError } from '../../errors.ts'
import { describeNode } from '../node.ts'
import type { Constants } from '../constants.ts'
import type { Emitter } from './emitter.ts'

/**
 * Writes a node as others that ONNX Runtime has in float64, the last of which computes the node's own output.
 *
 * @param shapeOf full shapes of tensors for one sample, the batch axis with them
 * @param constants of the float64 graph
 * @returns elements of the largest tensor in between, for one sample
 */
export type Lowering = (
  node: NodeProto,
  emitter: Emitter,
  shapeOf: (name: string) => readonly number[],
  constants: Constants,
) => number

/** Float64 entries of one tensor at most, for one sample: 2 GiB. */
const MAX_ENTRIES = 2 ** 28

/**
 * Refuses a node whose patches would not fit for a single sample, before they are laid out.
 * @throws AtlasError TOO_LARGE
 */
export function refuseLargePatches(node: NodeProto, entries: number): void {
  if (entries <= MAX_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `In float64 the ${describeNode(node)} takes ${entries} entries a sample, more than ${MAX_ENTRIES} (2 GiB): its ` +
      'windows overlap that often. Exact geometry needs a network of smaller images or kernels.',
  )
}
