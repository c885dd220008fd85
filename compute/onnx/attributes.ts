import type { AttributeProto, NodeProto } from 'onnx-buf'
import { int64Values, type Constants } from './constants.ts'

/** The attribute of a node with this name, if the file sets it. */
export function attributeOf(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((attribute) => attribute.name === name)
}

/** An integer attribute, or what ONNX takes where it is left out. */
export function intAttribute(node: NodeProto, name: string, otherwise: number): number {
  const attribute = attributeOf(node, name)
  return attribute === undefined ? otherwise : Number(attribute.i)
}

/** A float attribute, or what ONNX takes where it is left out. */
export function floatAttribute(node: NodeProto, name: string, otherwise: number): number {
  return attributeOf(node, name)?.f ?? otherwise
}

/** A string attribute, or what ONNX takes where it is left out. */
export function stringAttribute(node: NodeProto, name: string, otherwise: string): string {
  const attribute = attributeOf(node, name)
  return attribute === undefined ? otherwise : new TextDecoder().decode(attribute.s)
}

/** A list of integers, or undefined where it is left out. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return attributeOf(node, name)?.ints.map(Number)
}

/** The `axes` of a node: an attribute in old operator sets, a constant second input in new ones. */
export function axesOf(node: NodeProto, constants: Constants): number[] | undefined {
  const operand = constants.get(node.input[1] ?? '')
  return operand === undefined ? intsAttribute(node, 'axes') : int64Values(operand).map(Number)
}
