import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ValueInfoProtoSchema, type GraphProto } from 'onnx-buf'
import { withDifferences } from './compare.ts'
import type { Gate, NetworkGraph } from './graph.ts'
import { shallowCopy } from './messages.ts'

/**
 * The tensors that an instrumented graph puts out: the scores, then every gate's pre-activation (of a MaxPool its output
 * too), each once.
 */
export function exposedTensors({ output, gates }: NetworkGraph): string[] {
  return [...new Set([output, ...gates.flatMap((gate) => [gate.tap, ...pooled(gate)])])]
}

/** A gate's output where its shape is not the pre-activation's. */
function pooled({ pools, output }: Gate): string[] {
  return pools ? [output] : []
}

/**
 * Makes `exposedTensors(network)` the outputs of `variant`: the network's own graph, or the lifted one with the
 * same tensor names. All gates are exposed whichever are asked for later, so that the runtime always
 * optimises, and therefore rounds, the same way.
 *
 * Outputs carry a name only and `value_info` is dropped: the shapes that the file declares may hold a fixed
 * batch, and the runtime infers them anyway.
 */
export function instrument(network: NetworkGraph, variant: GraphProto): GraphProto {
  return shallowCopy(GraphProtoSchema, withDifferences(network, variant), {
    output: exposedTensors(network).map((name) => create(ValueInfoProtoSchema, { name })),
    valueInfo: [],
  })
}
