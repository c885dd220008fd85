import { GraphProtoSchema, type GraphProto, type NodeProto } from 'onnx-buf'
import { constantsOf } from '../constants.ts'
import { shallowCopy } from '../messages.ts'
import { tensorNames } from '../newNodes.ts'
import { lowerAveragePool, lowerGlobalAveragePool } from './averagePool.ts'
import { lowerConv } from './conv.ts'
import { lowerConvTranspose } from './convTranspose.ts'
import { Emitter } from './emitter.ts'
import type { Lowering } from './lowering.ts'
import { lowerResize } from './resize.ts'

/** The operators that ONNX Runtime has no float64 form of, and how they are written with others. */
export const LOWERINGS: ReadonlyMap<string, Lowering> = new Map([
  ['AveragePool', lowerAveragePool],
  ['Conv', lowerConv],
  ['ConvTranspose', lowerConvTranspose],
  ['GlobalAveragePool', lowerGlobalAveragePool],
  ['Resize', lowerResize],
  ['Upsample', lowerResize],
])

/** A graph that ONNX Runtime can run in float64. */
export interface LoweredGraph {
  readonly graph: GraphProto
  /** Of lowered nodes' outputs, by name: elements of the largest tensor on the way to them, for one sample. */
  readonly entries: ReadonlyMap<string, number>
}

/** The tensors whose shapes {@link lowerGraph} must know. */
export function tensorsToMeasure(graph: GraphProto): string[] {
  const lowered = graph.node.filter(({ opType }) => LOWERINGS.has(opType))
  const names = lowered.flatMap(({ input, output }) => [...input.slice(0, 2), output[0]])
  return [...new Set(names.filter((name) => name !== ''))]
}

/**
 * Replaces the nodes of a float64 graph that have no float64 form. Names of tensors stay.
 *
 * @param shapes full shapes for one sample of {@link tensorsToMeasure}
 * @throws AtlasError TOO_LARGE where one sample would not fit
 */
export function lowerGraph(
  graph: GraphProto,
  shapes: ReadonlyMap<string, readonly number[]>,
  opset: number,
): LoweredGraph {
  const used = tensorNames(graph)
  const constants = constantsOf(graph)
  const entries = new Map<string, number>()
  const shapeOf = (name: string): readonly number[] => {
    const shape = shapes.get(name)
    if (!shape) throw new RangeError(`The shape of "${name}" is not known`)
    return shape
  }
  const lower = (node: NodeProto): NodeProto[] => {
    const lowering = LOWERINGS.get(node.opType)
    if (!lowering) return [node]
    const emitter = new Emitter(used, node.output[0], opset)
    entries.set(node.output[0], lowering(node, emitter, shapeOf, constants))
    return emitter.nodes
  }
  return { graph: shallowCopy(GraphProtoSchema, graph, { node: graph.node.flatMap(lower) }), entries }
}
