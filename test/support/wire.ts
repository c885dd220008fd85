// Protobuf by hand, for messages that no encoder writes.

/** A field of a message that has a length: its number, the length, the bytes. */
export function field(number: number, bytes: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2]
  let rest = bytes.length
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80)
  head.push(rest)
  return Buffer.concat([Uint8Array.from(head), bytes])
}

/** A model with more nodes. Messages one after the other are merged: a second graph adds to the first. */
export function withNodes(model: Uint8Array, nodes: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([model, field(7, Buffer.concat(nodes.map((node) => field(1, node))))])
}

/** A model with one more node, whose subgraph has a node, whose subgraph has a node … */
export function withSubgraphs(model: Uint8Array, depth: number): Uint8Array {
  const opType = field(4, new TextEncoder().encode('If'))
  let node = opType
  for (let i = 0; i < depth; i++) {
    const graph = field(1, node)
    const attribute = field(6, graph)
    node = Buffer.concat([opType, field(5, attribute)])
  }
  return withNodes(model, [node])
}
