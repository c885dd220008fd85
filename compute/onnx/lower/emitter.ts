import { create } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  type NodeProto,
} from 'onnx-buf'
import { constantNode, freshName } from '../newNodes.ts'

/** Collects the nodes that take the place of one, under names that are free. */
export class Emitter {
  readonly nodes: NodeProto[] = []
  /** The version of the operator set that the nodes are written in. */
  readonly opset: number
  readonly #used: Set<string>
  readonly #base: string

  /**
   * @param used names of the graph's tensors; those of new ones are added
   * @param base what new names start with
   */
  constructor(used: Set<string>, base: string, opset: number) {
    this.#used = used
    this.#base = base
    this.opset = opset
  }

  /** Adds a node and returns the name of its result. */
  node(
    opType: string,
    input: readonly string[],
    ints: Readonly<Record<string, number | readonly number[]>> = {},
    output = this.#name(opType),
  ): string {
    const attribute = Object.entries(ints).map(([name, value]) =>
      typeof value === 'number'
        ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
        : create(AttributeProtoSchema, {
            name,
            type: AttributeProto_AttributeType.INTS,
            ints: value.map(BigInt),
          }),
    )
    this.nodes.push(create(NodeProtoSchema, { opType, input: [...input], output: [output], attribute }))
    return output
  }

  /** Adds a Reshape; one axis may be -1. */
  reshape(input: string, shape: readonly number[], output?: string): string {
    return this.node('Reshape', [input, this.integers(Int32Array.from(shape), [shape.length])], {}, output)
  }

  /** Adds a constant of 64-bit integers. */
  integers(values: Int32Array, shape: readonly number[]): string {
    return this.#constant(TensorProto_DataType.INT64, BigInt64Array.from(values, BigInt), shape)
  }

  /** Adds a constant of float64. */
  doubles(values: Float64Array<ArrayBuffer>, shape: readonly number[]): string {
    return this.#constant(TensorProto_DataType.DOUBLE, values, shape)
  }

  #constant(
    dataType: TensorProto_DataType,
    values: BigInt64Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
    shape: readonly number[],
  ): string {
    const name = this.#name('Constant')
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const tensor = create(TensorProtoSchema, { dims: shape.map(BigInt), dataType, rawData })
    this.nodes.push(constantNode(name, tensor))
    return name
  }

  #name(opType: string): string {
    const name = freshName(this.#used, `${this.#base}/${opType}`)
    this.#used.add(name)
    return name
  }
}
