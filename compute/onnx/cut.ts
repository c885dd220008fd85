import type { GraphProto, NodeProto } from 'onnx-buf'
import type { NetworkGraph } from './graph.ts'

/** What lies between gates: the nodes that compute one tensor from the network's input and earlier gates' outputs. */
export interface GraphPart {
  /** In topological order. */
  readonly nodes: readonly NodeProto[]
  /** The tensors it starts from, as places in the list of states: 0 the network's input, i + 1 the output of gate i. */
  readonly states: readonly number[]
  /** The tensor it computes: the pre-activation of a gate, or the scores. */
  readonly output: string
}

/** A graph cut at its gates. */
export interface CutGraph {
  /** Names of the states: the network's input, then every gate's output. */
  readonly states: readonly string[]
  /** One part a gate, for its pre-activation, and the last for the scores. */
  readonly parts: readonly GraphPart[]
}

/**
 * Cuts a graph at every gate that depends on the network's input.
 *
 * @param graph the network's own graph, or a variant with the same tensor names, with its comparing gates lowered
 */
export function cutAtGates({ input, output, gates }: NetworkGraph, graph: GraphProto): CutGraph {
  const states = [input.name, ...gates.map((gate) => gate.compared?.excess ?? gate.output)]
  const targets = [...gates.map(({ tap }) => tap), output]
  return { states, parts: targets.map((target) => partFor(target, graph.node, states)) }
}

/** Walks back from a tensor to the states. */
function partFor(output: string, nodes: readonly NodeProto[], states: readonly string[]): GraphPart {
  const producer = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node])))
  const needed = new Set<NodeProto>()
  const starts = new Set<number>()
  const open = [output]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states.indexOf(name)
    const node = producer.get(name)
    if (state >= 0) starts.add(state)
    else if (node !== undefined && !needed.has(node)) {
      needed.add(node)
      open.push(...node.input)
    }
  }
  return {
    nodes: nodes.filter((node) => needed.has(node)),
    states: [...starts].sort((a, b) => a - b),
    output,
  }
}
