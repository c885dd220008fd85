import type { GraphProto } from 'onnx-buf'

/** The names of all tensors of a graph. */
export function tensorNames(graph: GraphProto): ReadonlySet<string> {
  return new Set([
    ...graph.input.map((info) => info.name),
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.node.flatMap((node) => node.output),
  ])
}

/** A name that is not used yet, starting with `base`. */
export function freshName(used: ReadonlySet<string>, base: string): string {
  let name = base
  while (used.has(name)) name += "'"
  return name
}
