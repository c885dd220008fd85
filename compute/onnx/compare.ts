import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, NodeProtoSchema, type GraphProto, type NodeProto } from 'onnx-buf'
import type { ComparedTensors, Gate, NetworkGraph } from './graph.ts'
import { shallowCopy } from './messages.ts'

type ComparingGate = Gate & { readonly compared: ComparedTensors }

/** Adds the differences that gates which compare two tensors decide by: their taps. Nothing else changes. */
export function withDifferences(network: NetworkGraph, variant: GraphProto): GraphProto {
  return replaceComparing(network, variant, (gate, node) => [difference(gate), node])
}

/** Writes gates that compare two tensors as an affine map, a gate of their difference, and an affine map. */
export function lowerComparing(network: NetworkGraph, variant: GraphProto): GraphProto {
  return replaceComparing(network, variant, (gate) => {
    const { first, second, excess } = gate.compared
    const rest =
      gate.operator === 'Max'
        ? { opType: 'Add', input: [second, excess] }
        : { opType: 'Sub', input: [first, excess] }
    return [difference(gate), create(NodeProtoSchema, { ...rest, output: [gate.output] })]
  })
}

function difference({ compared, tap }: ComparingGate): NodeProto {
  return create(NodeProtoSchema, { opType: 'Sub', input: [compared.first, compared.second], output: [tap] })
}

function replaceComparing(
  { gates }: NetworkGraph,
  variant: GraphProto,
  replace: (gate: ComparingGate, node: NodeProto) => NodeProto[],
): GraphProto {
  const comparing = new Map(gates.filter(isComparing).map((gate) => [gate.output, gate]))
  if (comparing.size === 0) return variant
  const node = variant.node.flatMap((original) => {
    const gate = comparing.get(original.output[0])
    return gate ? replace(gate, original) : [original]
  })
  return shallowCopy(GraphProtoSchema, variant, { node })
}

function isComparing(gate: Gate): gate is ComparingGate {
  return gate.compared !== null
}
