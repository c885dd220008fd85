import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ValueInfoProtoSchema, type GraphProto } from 'onnx-buf'
import { withDifferences } from './compare.ts'
import type { Gate, NetworkGraph } from './graph.ts'
import { shallowCopy } from './messages.ts'

/** What an instrumented graph shows of its gates: codes need what goes in, activations what comes out as well. */
export type Exposure = 'PRE_ACTIVATIONS' | 'ACTIVATIONS'

/**
 * The tensors that an instrumented graph puts out: the scores, then every gate's pre-activation (of a MaxPool, and where
 * activations are wanted, its output too), each once.
 */
export function exposedTensors({ output, gates }: NetworkGraph, exposure: Exposure): string[] {
  const shown = (gate: Gate) =>
    gate.pools || exposure === 'ACTIVATIONS' ? [gate.tap, gate.output] : [gate.tap]
  return [...new Set([output, ...gates.flatMap(shown)])]
}

/**
 * Makes `exposedTensors` the outputs of `variant`: the network's own graph, or the lifted one with the
 * same tensor names. All gates are exposed whichever are asked for later, so that the runtime always
 * optimises, and therefore rounds, the same way.
 *
 * Outputs carry a name only and `value_info` is dropped: the shapes that the file declares may hold a fixed
 * batch, and the runtime infers them anyway.
 */
export function instrument(network: NetworkGraph, variant: GraphProto, exposure: Exposure): GraphProto {
  return shallowCopy(GraphProtoSchema, withDifferences(network, variant), {
    output: exposedTensors(network, exposure).map((name) => create(ValueInfoProtoSchema, { name })),
    valueInfo: [],
  })
}
