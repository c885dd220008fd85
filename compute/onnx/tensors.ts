import { TensorProto_DataLocation, TensorProto_DataType } from 'onnx-buf'
import type {
  AttributeProto,
  GraphProto,
  ModelProto,
  NodeProto,
  SparseTensorProto,
  TensorProto,
} from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { widenHalf } from '../kernels/index.ts'

/** A tensor stored in a model, with the name that a user knows it by. */
interface StoredTensor {
  readonly name: string
  readonly tensor: TensorProto
  /** For the values of a sparse tensor: the shape that they are spread over. */
  readonly dense?: readonly bigint[]
}

/**
 * Refuses a model that keeps any tensor outside its own file: an imported file must never make the server
 * read another one. Looks at initializers and attributes of the graph, its subgraphs, the model's functions
 * and its training graphs.
 * @throws AtlasError EXTERNAL_DATA_REFUSED
 */
export function refuseExternalData(model: ModelProto): void {
  for (const { name, tensor } of modelTensors(model)) {
    if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL || tensor.externalData.length > 0) {
      throw new AtlasError(
        'EXTERNAL_DATA_REFUSED',
        `The tensor "${name}" is stored outside the ONNX file, and external data is always refused. ` +
          'Save the model with its weights inside the one file.',
      )
    }
  }
}

/**
 * The number of parameters of a graph: the elements of its floating-point initializers and constants.
 * @throws AtlasError NON_FINITE_WEIGHTS when one of them is NaN or infinite.
 */
export function countParameters(graph: GraphProto): number {
  let count = 0
  for (const { name, tensor } of graphTensors(graph)) count += countFinite(name, floatValues(tensor))
  for (const node of graph.node) {
    if (node.opType === 'Constant') count += countConstantScalars(node)
  }
  return count
}

/** The values of a float16, float32 or float64 tensor in row-major order; empty for every other type. */
export function floatValues(tensor: TensorProto): ArrayLike<number> {
  if (tensor.dataType === TensorProto_DataType.FLOAT) {
    return tensor.rawData.length > 0 ? new Float32Array(aligned(tensor)) : tensor.floatData
  }
  if (tensor.dataType === TensorProto_DataType.DOUBLE) {
    return tensor.rawData.length > 0 ? new Float64Array(aligned(tensor)) : tensor.doubleData
  }
  if (tensor.dataType === TensorProto_DataType.FLOAT16) {
    const bits =
      tensor.rawData.length > 0 ? new Uint16Array(aligned(tensor)) : Uint16Array.from(tensor.int32Data)
    return widenHalf(bits)
  }
  return []
}

/** A copy of the raw bytes, at an address that any type may have: in a file they lie anywhere. */
function aligned({ rawData }: TensorProto): ArrayBuffer {
  return new Uint8Array(rawData).buffer
}

function countConstantScalars(node: NodeProto): number {
  let count = 0
  for (const attribute of node.attribute) {
    if (attribute.name === 'value_float') count += countFinite(node.output[0], [attribute.f])
    if (attribute.name === 'value_floats') count += countFinite(node.output[0], attribute.floats)
  }
  return count
}

function countFinite(name: string, values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new AtlasError(
        'NON_FINITE_WEIGHTS',
        `The weights "${name}" hold ${values[i]} at element ${i}. Every weight must be a finite number; ` +
          'export a network whose training did not diverge.',
      )
    }
  }
  return values.length
}

/** All tensors of a model: of its graphs and their nodes, its functions and its training graphs. */
export function* modelTensors(model: ModelProto): Generator<StoredTensor> {
  if (model.graph) yield* graphTensors(model.graph)
  for (const training of model.trainingInfo) {
    if (training.initialization) yield* graphTensors(training.initialization)
    if (training.algorithm) yield* graphTensors(training.algorithm)
  }
  for (const { node, attributeProto } of model.functions) {
    for (const inner of node) yield* nodeTensors(inner)
    for (const attribute of attributeProto) yield* attributeTensors(attribute, attribute.name)
  }
}

function* graphTensors(graph: GraphProto): Generator<StoredTensor> {
  for (const tensor of graph.initializer) yield { name: tensor.name, tensor }
  for (const sparse of graph.sparseInitializer) yield* sparseTensors(sparse, '')
  for (const node of graph.node) yield* nodeTensors(node)
}

function* nodeTensors(node: NodeProto): Generator<StoredTensor> {
  for (const attribute of node.attribute) yield* attributeTensors(attribute, node.output[0] ?? node.name)
}

function* attributeTensors(attribute: AttributeProto, owner: string): Generator<StoredTensor> {
  for (const tensor of [attribute.t, ...attribute.tensors]) {
    if (tensor) yield { name: tensor.name || owner, tensor }
  }
  for (const sparse of [attribute.sparseTensor, ...attribute.sparseTensors]) {
    if (sparse) yield* sparseTensors(sparse, owner)
  }
  for (const graph of [attribute.g, ...attribute.graphs]) {
    if (graph) yield* graphTensors(graph)
  }
}

function* sparseTensors(
  { values, indices, dims }: SparseTensorProto,
  owner: string,
): Generator<StoredTensor> {
  const name = values?.name || owner
  if (values) yield { name, tensor: values, dense: dims }
  if (indices) yield { name: indices.name || name, tensor: indices }
}
