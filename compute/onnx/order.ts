import type { GraphProto } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { describeNode } from './node.ts'

/**
 * Checks that every tensor is produced once and before it is used, as ONNX requires (IR specification,
 * "Graphs": nodes are topologically sorted, names are in single static assignment form).
 * @throws AtlasError MALFORMED_ONNX naming the node that breaks the rule.
 */
export function refuseUnordered(graph: GraphProto): void {
  const producible = new Set(graph.node.flatMap((node) => node.output))
  const known = new Set([
    ...graph.input.map((info) => info.name),
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.sparseInitializer.map((sparse) => sparse.values?.name ?? ''),
  ])
  for (const node of graph.node) {
    for (const name of node.input) {
      if (name === '' || known.has(name)) continue
      throw malformed(
        producible.has(name)
          ? `The ${describeNode(node)} uses the tensor "${name}" before it is computed: the graph is cyclic or out of order.`
          : `The ${describeNode(node)} uses the tensor "${name}", which nothing in the graph computes.`,
      )
    }
    for (const [i, name] of node.output.entries()) {
      if (name === '') {
        // The runtime (1.30) crashes where a Split leaves one out; of others only later outputs are optional.
        if (i > 0 && node.opType !== 'Split') continue
        throw malformed(`The ${describeNode(node)} gives its output ${i} no name.`)
      }
      if (known.has(name))
        throw malformed(`The ${describeNode(node)} computes "${name}", which exists already.`)
      known.add(name)
    }
  }
}

function malformed(problem: string): AtlasError {
  return new AtlasError('MALFORMED_ONNX', `${problem} Export the network again.`)
}
