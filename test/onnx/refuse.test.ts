import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { inspectNetwork } from '#atlas/compute/onnx/index.js'
import fc from 'fast-check'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type ModelProto,
} from 'onnx-buf'
import { describe, expect, test } from 'vitest'
import { buildMlp, buildModel, type ModelSpec } from '../support/onnx.ts'

const MLP = buildMlp({ sizes: [3, 4, 2] })
const RELU = { op: 'Relu', inputs: ['x'], output: 'y' }

const edited = (edit: (model: ModelProto) => void): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, MLP)
  edit(model)
  return toBinary(ModelProtoSchema, model)
}

const expectRefusal = (bytes: Uint8Array, code: string, message: RegExp) =>
  expect(inspectNetwork(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })

const expectModelRefusal = (spec: ModelSpec, code: string, message: RegExp) =>
  expectRefusal(buildModel(spec), code, message)

describe('files that are no ONNX', () => {
  test('empty, text and an image', async () => {
    await expectRefusal(new Uint8Array(), 'MALFORMED_ONNX', /holds no ONNX graph/)
    await expectRefusal(
      new TextEncoder().encode('a,b\n1,2\n'),
      'MALFORMED_ONNX',
      /cannot be read|no ONNX graph/,
    )
    await expectRefusal(
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      'MALFORMED_ONNX',
      /cannot be read/,
    )
  })

  test('every truncation of a network', async () => {
    for (let length = 0; length < MLP.length; length += 1) {
      await expect(inspectNetwork(MLP.subarray(0, length))).rejects.toMatchObject({ code: 'MALFORMED_ONNX' })
    }
  })

  test('any bytes are refused with a code, never with a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await expect(inspectNetwork(bytes)).rejects.toMatchObject({ name: 'AtlasError' })
      }),
    )
  })

  test('what ONNX Runtime refuses, with its reason', async () => {
    const weights = { shape: [5, 4], values: Array.from({ length: 20 }, () => 1) }
    await expectModelRefusal(
      {
        initializers: { w: weights },
        nodes: [
          { op: 'MatMul', inputs: ['x', 'w'], output: 'y' },
          { ...RELU, inputs: ['y'], output: 'z' },
        ],
        outputs: ['z'],
      },
      'MALFORMED_ONNX',
      /ONNX Runtime refuses the network: .*[Ii]ncompatible dimensions/s,
    )
  })
})

describe('graphs that are not well formed', () => {
  test('a tensor that is used before it is computed', async () => {
    const nodes = [
      { op: 'Add', name: 'loop', inputs: ['x', 'y'], output: 'a' },
      { op: 'Relu', inputs: ['a'], output: 'y' },
    ]
    await expectModelRefusal(
      { nodes, outputs: ['y'] },
      'MALFORMED_ONNX',
      /node "loop" \(op Add\) uses the tensor "y" before/,
    )
  })

  test('a tensor that nothing computes', async () => {
    const nodes = [{ op: 'Relu', name: 'r', inputs: ['nowhere'], output: 'y' }]
    await expectModelRefusal({ nodes, outputs: ['y'] }, 'MALFORMED_ONNX', /"nowhere", which nothing/)
  })

  test('a tensor that is computed twice', async () => {
    await expectModelRefusal(
      { nodes: [RELU, RELU], outputs: ['y'] },
      'MALFORMED_ONNX',
      /"y", which exists already/,
    )
  })

  test('an output without a name, where it is not one that may be left out', async () => {
    const split = { op: 'Split', name: 's', inputs: ['x'], attributes: { axis: 1n } }
    for (const [output, number] of [
      [',a', 0],
      ['a,', 1],
    ] as const) {
      const nodes = [
        { ...split, output },
        { op: 'Relu', inputs: ['a'], output: 'y' },
      ]
      const message = new RegExp(`node "s" \\(op Split\\) gives its output ${number} no name`)
      await expectModelRefusal({ nodes, outputs: ['y'] }, 'MALFORMED_ONNX', message)
    }
    const nameless = { op: 'Identity', name: 'i', inputs: ['x'], output: '' }
    await expectModelRefusal(
      { nodes: [nameless, RELU], outputs: ['y'] },
      'MALFORMED_ONNX',
      /node "i" \(op Identity\) gives its output 0 no name/,
    )
  })

  test('scores that are missing or do not depend on the input', async () => {
    await expectModelRefusal({ nodes: [RELU], outputs: [] }, 'MALFORMED_ONNX', /first output is missing/)
    await expectModelRefusal({ nodes: [RELU], outputs: ['z'] }, 'MALFORMED_ONNX', /"z" does not depend/)
  })
})

describe('what the atlas does not take', () => {
  test('an operator, named with its node', async () => {
    const topK = { op: 'TopK', name: 'best', inputs: ['y'], output: 'z' }
    await expectModelRefusal(
      { nodes: [RELU, topK], outputs: ['z'] },
      'UNSUPPORTED_OPERATOR',
      /node "best" \(op TopK\) is not supported/,
    )
    await expectModelRefusal(
      { nodes: [{ ...RELU, domain: 'com.example' }], outputs: ['y'] },
      'UNSUPPORTED_OPERATOR',
      /node "y" \(op com.example.Relu\)/,
    )
  })

  test.each(['If', 'Loop', 'Scan'])('control flow, which it says and what to do: %s', async (op) => {
    const branch = { op, name: 'branch', inputs: ['y'], output: 'z' }
    await expectModelRefusal(
      { nodes: [RELU, branch], outputs: ['z'] },
      'UNSUPPORTED_OPERATOR',
      new RegExp(`node "branch" \\(op ${op}\\) is control flow, .* Export it with .* or fold its constants`),
    )
  })

  test('an operator before a fault elsewhere in the graph', async () => {
    const topK = { op: 'TopK', inputs: ['nowhere'], output: 'z' }
    await expectModelRefusal({ nodes: [RELU, topK], outputs: ['z'] }, 'UNSUPPORTED_OPERATOR', /op TopK/)
  })

  test.each([
    [
      { op: 'Cast', name: 'double', inputs: ['x'], output: 'y', attributes: { to: 11n } },
      /node "double" \(op Cast\) is not supported: it casts to another type than float32/,
    ],
    [
      {
        op: 'BatchNormalization',
        name: 'norm',
        inputs: ['x', 'w', 'w', 'w', 'w'],
        output: 'y',
        attributes: { training_mode: 1n },
      },
      /node "norm" \(op BatchNormalization\) is not supported: it is in training mode/,
    ],
    [
      { op: 'Dropout', name: 'drop', inputs: ['x', '', 'x'], output: 'y' },
      /node "drop" \(op Dropout\) is not supported: it is in training mode/,
    ],
  ])('a form of an operator, with the reason: %s', async (node, message) => {
    const w = { shape: [3], values: [1, 1, 1] }
    const spec = {
      initializers: { w },
      nodes: [node, { ...RELU, inputs: ['y'], output: 'z' }],
      outputs: ['z'],
    }
    await expectModelRefusal(spec, 'UNSUPPORTED_OPERATOR', message)
  })

  test('no input or two', async () => {
    const add = { op: 'Add', inputs: ['p', 'q'], output: 'y' }
    await expectModelRefusal(
      { inputs: { p: ['N', 3], q: ['N', 3] }, nodes: [add], outputs: ['y'] },
      'UNSUPPORTED_INPUTS',
      /has 2 inputs \("p", "q"\)/,
    )
    const initializers = { p: { shape: [1], values: [1] }, q: { shape: [1], values: [1] } }
    await expectModelRefusal(
      { inputs: {}, initializers, nodes: [add], outputs: ['y'] },
      'UNSUPPORTED_INPUTS',
      /has 0 inputs/,
    )
  })

  test.each([[[]], [['N', 'tokens', 3]], [['N', 0]]])('an input of shape [%s]', async (shape) => {
    const spec = { inputs: { x: shape }, nodes: [RELU], outputs: ['y'] }
    await expectModelRefusal(spec, 'UNSUPPORTED_INPUTS', /leaves the size of a sample open/)
  })

  test('an input of a type that samples cannot be read in', async () => {
    const spec = { inputType: TensorProto_DataType.BOOL, nodes: [RELU], outputs: ['y'] }
    await expectModelRefusal(spec, 'UNSUPPORTED_INPUT_TYPE', /"x" is no tensor of float16, float32, .* int64/)
  })

  test('a network without a gate', async () => {
    const nodes = [{ op: 'Identity', inputs: ['x'], output: 'y' }]
    await expectModelRefusal({ nodes, outputs: ['y'] }, 'NO_LAYERS', /no gate/)
  })
})

describe('weights', () => {
  test.each([Number.NaN, Infinity, -Infinity])(
    '%s in an initializer or a constant is refused by name',
    async (value) => {
      const weights = { shape: [3], values: [1, value, 2] }
      const nodes = [
        { op: 'Add', inputs: ['x', 'weights'], output: 'a' },
        { ...RELU, inputs: ['a'] },
      ]
      const message = new RegExp(`"weights" hold ${value} at element 1`)
      await expectModelRefusal(
        { initializers: { weights }, nodes, outputs: ['y'] },
        'NON_FINITE_WEIGHTS',
        message,
      )
      const constant = { op: 'Constant', inputs: [], output: 'weights', attributes: { value: weights } }
      await expectModelRefusal({ nodes: [constant, ...nodes], outputs: ['y'] }, 'NON_FINITE_WEIGHTS', message)
    },
  )

  test('outside the file are refused, in initializers, attributes, subgraphs and functions', async () => {
    const dataLocation = TensorProto_DataLocation.EXTERNAL
    const tensor = { name: 'far', dataLocation, externalData: [{ key: 'location', value: '/etc/passwd' }] }
    const attribute = [{ name: 'value', t: tensor }]
    const node = [{ opType: 'Constant', output: ['c'], attribute }]
    const models = [
      edited(({ graph }) => {
        Object.assign(graph?.initializer[0] ?? {}, { name: 'far', dataLocation })
      }),
      toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { node } })),
      toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          graph: {
            node: [
              { opType: 'If', attribute: [{ name: 'then_branch', g: create(GraphProtoSchema, { node }) }] },
            ],
          },
        }),
      ),
      edited((model) => {
        model.functions = create(ModelProtoSchema, { functions: [{ name: 'f', node }] }).functions
      }),
      edited((model) => {
        model.trainingInfo = create(ModelProtoSchema, {
          trainingInfo: [{ algorithm: { node } }],
        }).trainingInfo
      }),
    ]
    for (const bytes of models) await expectRefusal(bytes, 'EXTERNAL_DATA_REFUSED', /"far" is stored outside/)
  })
})
