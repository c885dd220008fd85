import { TensorProto_DataType, type NodeProto, type TensorProto } from 'onnx-buf'
import { intAttribute, stringAttribute } from './attributes.ts'
import type { Constants } from './constants.ts'

/** A form of a supported operator that is refused, or not taken as affine, where its node depends on the network's input. */
export interface Refusal {
  /** Ends the sentences "… is not supported: ", "refused where " and the like. */
  readonly reason: string
  /** What to do, a sentence without its full stop. */
  readonly remedy: string
  applies(node: NodeProto, constants: Constants): boolean
}

/** Batch normalization by the statistics of the batch, or with parameters a place. */
export const BATCH_STATISTICS: Refusal = {
  reason:
    'it is in training mode, where a sample depends on the others of its batch, or has parameters for each place',
  remedy: 'Export the network for inference',
  applies: (node) => intAttribute(node, 'training_mode', 0) !== 0 || intAttribute(node, 'spatial', 1) !== 1,
}

/** Dropout that drops. */
export const RANDOM_DROPOUT: Refusal = {
  reason: 'it is in training mode, where it drops units at random',
  remedy: 'Export the network for inference',
  applies: (node, constants) => {
    const name = node.input[2] ?? ''
    const mode = constants.get(name)
    return name !== '' && (mode === undefined || isTrue(mode))
  },
}

const CASTS: ReadonlySet<number> = new Set([TensorProto_DataType.FLOAT, TensorProto_DataType.FLOAT16])

/** A cast to anything but the types that a network's values may have. */
export const OTHER_TYPE: Refusal = {
  reason: 'it casts to another type than float32 or float16',
  remedy: 'Export the network in float32',
  applies: (node) => !CASTS.has(intAttribute(node, 'to', 0)),
}

/** A product of more than two tensors. */
export const MANY_OPERANDS: Refusal = {
  reason: 'it multiplies more than two tensors',
  remedy: 'Export the network with products of two',
  applies: (node) => node.input.length > 2,
}

/** A Resize of a part of its input, or one that weighs more places where it shrinks. */
export const CROPS_OR_SMOOTHS: Refusal = {
  reason: 'it crops what it resizes (tf_crop_and_resize), or smooths what it shrinks (antialias)',
  remedy: 'Export the network without either',
  applies: (node) =>
    intAttribute(node, 'antialias', 0) === 1 ||
    stringAttribute(node, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize',
}

/** An operator of shapes and constants, on anything else. */
export const DEPENDENT_VALUES: Refusal = {
  reason: 'it is so for shapes and constants alone, and its operand depends on values of the input',
  remedy: 'Export the network without it',
  applies: () => true,
}

function isTrue({ rawData, int32Data }: TensorProto): boolean {
  return (rawData.at(0) ?? int32Data.at(0) ?? 0) !== 0
}
