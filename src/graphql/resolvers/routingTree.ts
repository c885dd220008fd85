import { labelEntropyOf } from '../../jobs/direct/treeNodes.ts'
import { existing } from '../../store/existing.ts'
import type { RoutingNodeResolvers, RoutingTreeResolvers } from '../generated/types.ts'
import { labelCountsOf } from '../labelCounts.ts'
import type { RoutingNodeModel } from '../models.ts'
import { overTurns } from '../overTurns.ts'

/** A tree of prefixes. */
export const routingTreeResolvers: RoutingTreeResolvers = {
  memberCount: ({ root }) => root.memberCount,
  nodeCount: ({ nodes }) => nodes.length,
  prunedNodes: ({ root, roots }) => root.childCount - roots.length,
  prunedMembers: ({ root, roots }) => root.memberCount - membersOf(roots),
  nodes: ({ nodes }) => overTurns(nodes.length, (i) => nodes[i]),
}

/** One prefix. */
export const routingNodeResolvers: RoutingNodeResolvers = {
  depth: ({ node }) => node.depth,
  layer: ({ node }) => existing(node.layer),
  memberCount: ({ node }) => node.memberCount,
  labelCounts: ({ node: { labels }, dataset }) =>
    labelCountsOf({ labels: [...labels.keys()], labelCounts: [...labels.values()] }, dataset),
  labelEntropy: ({ node }) => labelEntropyOf(node),
  firstInput: async ({ node, dataset }, _args, { loaders }) =>
    existing(await loaders.input.load([dataset.id, node.firstInput])),
  prunedNodes: ({ node, children }) => node.childCount - children.length,
  // What a node of the last layer holds is in no node below.
  prunedMembers: ({ node, children }) => (node.childCount === 0 ? 0 : node.memberCount - membersOf(children)),
}

function membersOf(nodes: readonly RoutingNodeModel[]): number {
  return nodes.reduce((sum, { node }) => sum + node.memberCount, 0)
}
