// What is larger than the atlas takes, or claims to be, is refused before it takes time or memory.
import { clearField, create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { inspectNetwork } from '#atlas/compute/onnx/index.js'
import {
  ModelProtoSchema,
  SparseTensorProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  type ModelProto,
  type TensorProto,
} from 'onnx-buf'
import { describe, expect, test } from 'vitest'
import { buildMlp, buildModel, integers, node } from '../support/onnx.ts'
import { withNodes, withSubgraphs } from '../support/wire.ts'

const MLP = buildMlp({ sizes: [3, 4, 2] })
const { FLOAT16, INT64, STRING } = TensorProto_DataType

const expectRefusal = (bytes: Uint8Array, code: string, message: RegExp) =>
  expect(inspectNetwork(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })

const edited = (edit: (model: ModelProto) => void): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, MLP)
  edit(model)
  return toBinary(ModelProtoSchema, model)
}

/** The network with other weights in its first layer, whose shape is [3, 4]. */
const withWeights = (changes: Partial<TensorProto>) =>
  edited(({ graph }) => Object.assign(graph?.initializer[0] ?? {}, changes))

describe('a graph', () => {
  test('of subgraphs within subgraphs', async () => {
    const message = /nests its messages more than 100 deep/
    for (const depth of [40, 3000]) await expectRefusal(withSubgraphs(MLP, depth), 'MALFORMED_ONNX', message)
    await expectRefusal(withSubgraphs(MLP, 5), 'UNSUPPORTED_OPERATOR', /op If/)
  })

  test('of more nodes than any network has', async () => {
    const nodes = Array.from({ length: 100_000 }, () => new Uint8Array())
    await expectRefusal(
      withNodes(MLP, nodes),
      'TOO_LARGE',
      /has 100003 nodes; the atlas takes at most 100000\./,
    )
  })

  test('of more gates than any network has', async () => {
    const nodes = Array.from({ length: 10_001 }, (_, i) =>
      node('Relu', [i === 0 ? 'x' : `r${i}`], `r${i + 1}`),
    )
    await expectRefusal(
      buildModel({ nodes, outputs: ['r10001'] }),
      'TOO_LARGE',
      /has 10001 gates; .* 10000\./,
    )
  })

  test('with a name of more characters than any has, or with a NUL', async () => {
    const named = (name: string) => edited(({ graph }) => Object.assign(graph?.node[1] ?? {}, { name }))
    await expectRefusal(named('n'.repeat(1001)), 'TOO_LARGE', /name "n{40}…" has 1001 characters/)
    await expectRefusal(named('a\0b'), 'MALFORMED_ONNX', /name "a\\u0000b" holds a NUL/)
    expect((await inspectNetwork(named('n'.repeat(1000)))).layers[0].name).toHaveLength(1000)
  })
})

describe('a tensor', () => {
  test.each([
    [{ dims: [3n, -4n] }, /"w0" declares the shape \[3, -4\], with a negative size/],
    [{ dims: [3n, 5n] }, /\[3, 5\] of FLOAT, which takes 60 bytes, but holds 48/],
    [{ dims: [3n, 4n, 0n] }, /\[3, 4, 0\] of FLOAT, which takes 0 bytes, but holds 48/],
    [{ dims: [] }, /\[\] of FLOAT, which takes 4 bytes, but holds 48/],
    [{ rawData: new Uint8Array(47) }, /takes 48 bytes, but holds 47/],
    [{ rawData: new Uint8Array() }, /takes 12 values, but holds 0/],
    [{ rawData: new Uint8Array(), floatData: [1, 2, 3] }, /takes 12 values, but holds 3/],
    [{ dataType: FLOAT16 }, /of FLOAT16, which takes 24 bytes, but holds 48/],
    [{ dataType: INT64 }, /of INT64, which takes 96 bytes, but holds 48/],
    [{ dataType: STRING }, /of STRING, which takes 12 values, but holds 0/],
    [{ dataType: 99 }, /"w0" has the data type 99/],
  ])('that is not what its data is: %o', async (changes, message) => {
    await expectRefusal(withWeights(changes), 'MALFORMED_ONNX', message)
  })

  test.each([
    [[2n ** 62n]],
    [[2n ** 31n, 2n ** 33n]],
    [[2n ** 62n, 0n]],
    [Array.from({ length: 5000 }, () => 8n)],
  ])('of absurd shape: %s', async (dims) => {
    await expectRefusal(
      withWeights({ dims }),
      'TOO_LARGE',
      /"w0" declares the shape .* at most 536870912 elements/,
    )
  })

  test('that is sparse and would fill the memory', async () => {
    const sparse = edited(({ graph }) => {
      const [values] = graph?.initializer.splice(0, 1) ?? []
      const indices = create(TensorProtoSchema, { dims: [12n], dataType: INT64, rawData: new Uint8Array(96) })
      const sparse = create(SparseTensorProtoSchema, { values, indices, dims: [2n ** 27n] })
      graph?.sparseInitializer.push(sparse)
    })
    await expectRefusal(
      sparse,
      'TOO_LARGE',
      /"w0" declares the shape \[134217728\]; the atlas takes at most 67108864 elements/,
    )
  })

  test('whose values lie in the field of its type is taken', async () => {
    const listed = edited(({ graph }) => {
      for (const tensor of graph?.initializer ?? []) {
        tensor.floatData = Array.from(new Float32Array(Uint8Array.from(tensor.rawData).buffer))
        clearField(tensor, TensorProtoSchema.field.rawData)
      }
    })
    expect(await inspectNetwork(listed)).toEqual(await inspectNetwork(MLP))
  })
})

describe('activations', () => {
  const RELU = { nodes: [node('Relu', ['x'], 'y')], outputs: ['y'] }

  test.each([[[1e9]], [['N', 1e9]], [[1, 4097, 4096]], [['N', ...Array.from({ length: 50 }, () => 1000)]]])(
    'of a sample of shape [%s]',
    async (shape) => {
      const model = buildModel({ inputs: { x: shape }, ...RELU })
      await expectRefusal(model, 'TOO_LARGE', /sample of the input "x" .* at most 16777216 values/)
    },
  )

  test('of windows that number more entries than memory has', async () => {
    const attributes = { kernel_shape: [700n, 700n], pads: [699n, 699n, 699n, 699n] }
    const model = buildModel({
      inputs: { x: ['N', 1, 8, 8] },
      nodes: [node('MaxPool', ['x'], 'y', attributes)],
      outputs: ['y'],
    })
    await expectRefusal(
      model,
      'TOO_LARGE',
      /windows of the node "y" \(op MaxPool\) have 244926010000 entries/,
    )
  })

  test('that are none', async () => {
    const model = buildModel({
      initializers: { zero: integers(0n), one: integers(1n) },
      nodes: [node('Slice', ['x', 'zero', 'zero', 'one'], 'none'), node('Relu', ['none'], 'y')],
      outputs: ['y'],
    })
    await expectRefusal(
      model,
      'MALFORMED_ONNX',
      /tensor "y" has the shape \[0\] for a sample, which holds nothing/,
    )
  })

  test.runIf(process.env.ATLAS_TEST === 'long')('of more than a worker holds', async () => {
    const model = buildModel({
      inputs: { x: ['N', 1024, 1024] },
      initializers: { repeats: integers(1n, 65n, 1n) },
      nodes: [node('Tile', ['x', 'repeats'], 'tiled'), node('Relu', ['tiled'], 'y')],
      outputs: ['y'],
    })
    await expectRefusal(model, 'TOO_LARGE', /has 136314880 pre-activations and scores a sample/)
  })
})
