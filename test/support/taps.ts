// The inputs of a file's gates, from its own graph: what codes are to agree with, bit for bit.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, ValueInfoProtoSchema, type NodeProto } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'

export interface Taps {
  /** The Relus and MaxPools of the file, in its order. */
  gates: NodeProto[]
  /** Samples x gates: the gate's input, with the axes that the file gives it. */
  samples: Tensor[][]
}

/**
 * Runs samples one by one, with the input of every gate put out: where the runtime computes in float32 and rounds to
 * float16 what it puts out, values depend on what that is.
 */
export async function tapGates(bytes: Uint8Array, inputs: readonly Tensor[]): Promise<Taps> {
  const model = fromBinary(ModelProtoSchema, bytes)
  const graph = model.graph ?? create(GraphProtoSchema)
  const gates = graph.node.filter(({ opType }) => opType === 'Relu' || opType === 'MaxPool')
  const names = gates.map(({ input }) => input[0])
  for (const name of new Set(names)) graph.output.push(create(ValueInfoProtoSchema, { name }))
  const session = await InferenceSession.create(toBinary(ModelProtoSchema, model))
  const [input] = session.inputNames
  const samples: Tensor[][] = []
  for (const sample of inputs) {
    const results = await session.run({ [input]: sample })
    samples.push(names.map((name) => results[name]))
  }
  await session.release()
  return { gates, samples }
}

/** Samples of these axes, from one array. */
export function sampleTensors(values: Float32Array, dims: readonly number[]): Tensor[] {
  const size = dims.reduce((a, b) => a * b)
  return Array.from(
    { length: values.length / size },
    (_, row) => new Tensor('float32', values.subarray(row * size, (row + 1) * size), dims),
  )
}

/** Whether each value of a float32 or float16 tensor is positive. */
export function arePositive({ data }: Tensor): boolean[] {
  if (data instanceof Float32Array) return Array.from(data, (value) => value > 0)
  if (data instanceof Uint16Array) return Array.from(data, (bits) => bits > 0 && bits <= 0x7c00)
  throw new TypeError('The tensor is neither float32 nor float16')
}
