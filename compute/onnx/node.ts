import type { NodeProto } from 'onnx-buf'

/** A node's name, or that of its first output where the file gives it none. */
export function nodeName(node: NodeProto): string {
  return node.name || (node.output[0] ?? '')
}

/** How messages speak of a node, e.g. `node "Conv_0" (op Conv)`; operators of a custom domain carry it. */
export function describeNode(node: NodeProto): string {
  const operator = isStandardDomain(node) ? node.opType : `${node.domain}.${node.opType}`
  return `node "${nodeName(node)}" (op ${operator})`
}

/** Whether the node's operator is one of the ONNX standard. */
export function isStandardDomain(node: NodeProto): boolean {
  return node.domain === '' || node.domain === 'ai.onnx'
}
