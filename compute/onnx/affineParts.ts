import { create } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  TensorProto_DataType,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { lowerComparing } from './compare.ts'
import { cutAtGates, type GraphPart } from './cut.ts'
import { encodeModel, opsetOf } from './decode.ts'
import { openDoubleSession } from './doubleSession.ts'
import { toFloat64 } from './float64.ts'
import { liftBatch } from './lift.ts'
import { lowerGraph, tensorsToMeasure, type LoweredGraph } from './lower/index.ts'
import { measureShapes } from './measure.ts'
import { shallowCopy } from './messages.ts'
import { precompute } from './precompute.ts'
import { prepareNetwork } from './prepare.ts'
import { runInChunks } from './runInChunks.ts'
import { elementCount } from '../shape.ts'
import type { NetworkSummary } from './summary.ts'

/** An affine map from states of a network to the next pre-activation, in float64. */
export interface AffinePart {
  /** The states it reads: 0 is the network's input, i + 1 the output of gate i. */
  readonly states: readonly number[]
  /** Elements of its output for one sample. */
  readonly size: number
  /**
   * Applies the map to each row.
   * @param states the values of all states, rows x elements each; those it does not read may be missing
   * @returns rows x size
   */
  run(states: readonly (Float64Array | undefined)[], rows: number): Promise<Float64Array>
}

/**
 * A piecewise-affine network taken apart: affine map, gate, affine map, gate … affine map. The gates are those of the
 * summary's layers.
 */
export interface AffineParts {
  readonly summary: NetworkSummary
  /** One part a gate; its output is the gate's pre-activation. */
  readonly parts: readonly AffinePart[]
  /** From the states to the scores. */
  readonly scores: AffinePart
  close(): Promise<void>
}

/**
 * Cuts a network at its gates and loads what lies between them in float64.
 *
 * @throws AtlasError NOT_PIECEWISE_AFFINE with the reasons; BATCH_IN_SHAPE; NO_FLOAT64; the codes of `inspectNetwork`
 */
export async function openAffineParts(bytes: Uint8Array): Promise<AffineParts> {
  const { model, summary, network, session } = await prepareNetwork(bytes)
  await session.close()
  refuseUnlessAffine(summary)
  const lifted = await precompute(model, network, liftBatch(network))
  const measured = await measureShapes(model, lifted, network.input, tensorsToMeasure(lifted))
  const compared = lowerComparing(network, toFloat64(lifted))
  const { graph, entries } = lowerGraph(compared, measured, opsetOf(model))
  const cut = cutAtGates(network, graph)
  const shapes = [summary.inputShape]
  const opened: (AffinePart & { close(): Promise<void> })[] = []
  try {
    for (const [i, part] of cut.parts.entries()) {
      const { shape, ...affine } = await openPart(model, graph, part, cut.states, shapes, entries)
      opened.push(affine)
      const gate = summary.layers.at(i)?.gate
      shapes.push(gate?.kind === 'WINDOWS' ? gate.shape : shape)
    }
  } catch (error) {
    await Promise.all(opened.map((part) => part.close()))
    throw error
  }
  return {
    summary,
    parts: opened.slice(0, -1),
    scores: opened[opened.length - 1],
    async close() {
      await Promise.all(opened.map((part) => part.close()))
    },
  }
}

/** What exact geometry answers for a network that is APPROXIMATE, by the reasons why it is. */
export function notPiecewiseAffine(approximations: readonly string[]): AtlasError {
  return new AtlasError(
    'NOT_PIECEWISE_AFFINE',
    `Exact geometry needs a piecewise affine network. ${approximations.join(' ')}`,
  )
}

function refuseUnlessAffine({ exactness, approximations, batched }: NetworkSummary): void {
  if (exactness !== 'PIECEWISE_AFFINE') {
    throw notPiecewiseAffine(approximations)
  }
  if (!batched) {
    throw new AtlasError(
      'NOT_PIECEWISE_AFFINE',
      'Exact geometry runs many points at once, and this network takes one sample a run only. ' +
        'Export it with a batch axis of any size.',
    )
  }
}

/** Loads one part and runs it on a row of zeros to learn its shape. */
async function openPart(
  model: ModelProto,
  graph: GraphProto,
  { nodes, states, output }: GraphPart,
  names: readonly string[],
  shapes: readonly (readonly number[])[],
  entries: LoweredGraph['entries'],
): Promise<AffinePart & { shape: readonly number[]; close(): Promise<void> }> {
  if (nodes.length === 0) return identityPart(states[0], shapes[states[0]])
  const inputs = states.map((state) => ({ name: names[state], state, shape: shapes[state] }))
  const session = await openDoubleSession(
    encodeModel(
      model,
      shallowCopy(GraphProtoSchema, graph, {
        node: [...nodes],
        initializer: usedInitializers(graph, nodes),
        input: inputs.map(({ name, shape }) => doubleInput(name, shape.length + 1)),
        output: [create(ValueInfoProtoSchema, { name: output })],
      }),
    ),
  )
  const runAll = async (values: readonly (Float64Array | undefined)[], rows: number) => {
    const feeds = inputs.map(({ name, state, shape }) => {
      const given = values[state]
      if (given?.length !== rows * elementCount(shape)) {
        throw new RangeError(`State ${state} holds ${given?.length ?? 'no'} values for ${rows} rows`)
      }
      return [name, { values: given, dims: [rows, ...shape] }] as const
    })
    return session.run(new Map(feeds), output)
  }
  try {
    const zeros = shapes.map((shape) => new Float64Array(elementCount(shape)))
    const shape = (await runAll(zeros, 1)).dims.slice(1)
    const size = elementCount(shape)
    const largest = nodes.reduce((most, node) => Math.max(most, entries.get(node.output[0]) ?? 0), 0)
    const run = async (values: readonly (Float64Array | undefined)[], rows: number) =>
      (await runAll(values, rows)).values
    return {
      states,
      shape,
      size,
      run: largest === 0 ? run : (values, rows) => runInChunks(run, values, rows, size, largest),
      close: () => session.close(),
    }
  } catch (error) {
    await session.close()
    throw error
  }
}

/** A state that is used as it is: a gate on the network's input, or scores that are a gate's output. */
function identityPart(state: number, shape: readonly number[]) {
  return {
    states: [state],
    shape,
    size: elementCount(shape),
    async run(values: readonly (Float64Array | undefined)[]) {
      const given = values[state]
      if (!given) throw new RangeError(`State ${state} is missing`)
      return given.slice()
    },
    close: () => Promise.resolve(),
  }
}

function usedInitializers(graph: GraphProto, nodes: readonly NodeProto[]) {
  const used = new Set(nodes.flatMap((node) => node.input))
  return graph.initializer.filter(({ name }) => used.has(name))
}

/** A float64 input of so many axes, all of any size. */
function doubleInput(name: string, axes: number): ValueInfoProto {
  const shape = create(TensorShapeProtoSchema, {
    dim: Array.from({ length: axes }, () => ({ value: { case: undefined } })),
  })
  const value = create(TypeProto_TensorSchema, { elemType: TensorProto_DataType.DOUBLE, shape })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  })
}
