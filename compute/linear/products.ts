import { create, toBinary } from '@bufbuild/protobuf'
import { Tensor, type InferenceSession } from 'onnxruntime-node'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { createSession, inferenceFailed } from '../onnx/runtime.ts'
import { AtlasError } from '../errors.ts'
import type { Matrix } from './matrix.ts'

/** Which factors of a product are transposed. */
export type Transposed = 'NONE' | 'FIRST' | 'SECOND'

const TYPES = { float32: TensorProto_DataType.FLOAT, float64: TensorProto_DataType.DOUBLE } as const

type NumberType = keyof typeof TYPES

/**
 * Products of matrices by ONNX Runtime: 25 GFLOP/s a core in float64 and 60 in float32, of which loops in JavaScript
 * reach one or two. It computes on the calling thread, and takes nothing in shared memory.
 */
export class Products {
  readonly #sessions = new Map<string, Promise<InferenceSession>>()

  /** a b, in single precision. */
  async float32(a: Matrix, b: Matrix, transposed: Transposed = 'NONE'): Promise<Matrix> {
    const { data, dims } = await this.#run('float32', a, b, transposed)
    if (!(data instanceof Float32Array)) throw new TypeError('A product of float32 is none')
    return { values: data, rows: dims[0], columns: dims[1] }
  }

  /** a b, in double precision. */
  async float64(
    a: Matrix<Float64Array>,
    b: Matrix<Float64Array>,
    transposed: Transposed = 'NONE',
  ): Promise<Matrix<Float64Array>> {
    const { data, dims } = await this.#run('float64', a, b, transposed)
    if (!(data instanceof Float64Array)) throw new TypeError('A product of float64 is none')
    return { values: data, rows: dims[0], columns: dims[1] }
  }

  /** Frees the runtime's memory. */
  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).release()
    this.#sessions.clear()
  }

  async #run<Values extends Float32Array | Float64Array>(
    type: NumberType,
    a: Matrix<Values>,
    b: Matrix<Values>,
    transposed: Transposed,
  ): Promise<Tensor> {
    const key = `${type} ${transposed}`
    const opened = this.#sessions.get(key) ?? openProduct(type, transposed)
    this.#sessions.set(key, opened)
    const session = await opened
    const feed = ({ values, rows, columns }: Matrix<Values>) => new Tensor(type, values, [rows, columns])
    const { product } = await session.run({ a: feed(a), b: feed(b) }).catch(inferenceFailed)
    return product
  }
}

/** Opens products, and closes them when the work with them has ended. */
export async function withProducts<Result>(work: (products: Products) => Promise<Result>): Promise<Result> {
  const products = new Products()
  try {
    return await work(products)
  } finally {
    await products.close()
  }
}

/** A model of one Gemm node. One thread, since callers run one a core. */
function openProduct(type: NumberType, transposed: Transposed): Promise<InferenceSession> {
  const flag = (name: string, on: boolean) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(Number(on)) })
  const graph = create(GraphProtoSchema, {
    name: 'product',
    input: ['a', 'b'].map((name) => matrixInfo(name, type)),
    output: [matrixInfo('product', type)],
    node: [
      create(NodeProtoSchema, {
        opType: 'Gemm',
        input: ['a', 'b'],
        output: ['product'],
        attribute: [flag('transA', transposed === 'FIRST'), flag('transB', transposed === 'SECOND')],
      }),
    ],
  })
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 13n })],
    graph,
  })
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 }
  return createSession(toBinary(ModelProtoSchema, model), options, [['cpu']], refused)
}

/** A matrix of any size: without a shape the runtime takes what comes. */
function matrixInfo(name: string, type: NumberType) {
  const tensor = create(TypeProto_TensorSchema, { elemType: TYPES[type] })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  })
}

function refused(reason: string, cause: unknown): AtlasError {
  return new AtlasError('INFERENCE_FAILED', `ONNX Runtime refuses a product of matrices: ${reason}`, {
    cause,
  })
}
