import type { NodeProto } from 'onnx-buf'
import type { GatePieces } from '../../gates/pieces.ts'
import { AtlasError } from '../../errors.ts'
import type { Constants } from '../constants.ts'
import { describeNode } from '../node.ts'

/** Of the shapes of one sample: its pre-activation and its output. */
export type PiecesOf = (input: readonly number[], output: readonly number[]) => GatePieces

/**
 * Describes the gate of a node; null where the node's settings make it no gate (nothing is cut).
 * @throws AtlasError UNSUPPORTED_OPERATOR, also from the function that it returns
 */
export type ReadGate = (node: NodeProto, constants: Constants) => PiecesOf | null

/** What a node that is no gate that the atlas knows is refused with. */
export function refusedGate(node: NodeProto, reason: string): AtlasError {
  return new AtlasError('UNSUPPORTED_OPERATOR', `The ${describeNode(node)} ${reason}`)
}
