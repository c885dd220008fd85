import { AtlasError } from '../../compute/errors.ts'
import { spanOf } from '../jobs/direct/geometrySpan.ts'
import { growTree, type GrownTree, type TreeNode } from '../jobs/direct/routingTree.ts'
import type { Context } from './context.ts'
import type { QueryRoutingTreeArgs } from './generated/types.ts'
import { datasetOfName, networkOfName } from './lookup.ts'
import type { RoutingNodeModel, RoutingTreeModel } from './models.ts'

/** Nodes of an answer at most. */
const MAX_NODES = 5000

/**
 * The tree of the arguments. Throws UNKNOWN_NETWORK, UNKNOWN_DATASET, BAD_SPAN, BAD_ARGUMENT, TOO_MANY_REQUESTED,
 * NOT_COMPUTED.
 */
export async function readRoutingTree(
  args: Pick<QueryRoutingTreeArgs, 'network' | 'dataset'> & Partial<QueryRoutingTreeArgs>,
  { db, loaders, signal }: Context,
): Promise<RoutingTreeModel> {
  const { minMembers, maxNodes } = limitsOf(args)
  const [network, dataset] = await Promise.all([
    networkOfName(args.network, loaders),
    datasetOfName(args.dataset, loaders),
  ])
  const all = await loaders.layersOfNetwork.load([network.id])
  const { fromLayer, toLayer } = spanOf({
    layerCount: all.length,
    fromLayer: args.fromLayer ?? null,
    toLayer: args.toLayer ?? null,
  })
  const layers = all.slice(fromLayer, toLayer + 1)
  const grown = await growTree(db, { dataset, layers, minMembers, maxNodes }, signal)
  return modelOf(grown, { network, dataset, fromLayer: all[fromLayer], toLayer: all[toLayer], minMembers })
}

type Asked = Pick<RoutingTreeModel, 'network' | 'dataset' | 'fromLayer' | 'toLayer' | 'minMembers'>

/** Ties each node to its children; they come after it. */
function modelOf({ root, nodes, complete }: GrownTree, asked: Asked): RoutingTreeModel {
  const tree: RoutingTreeModel = { ...asked, complete, root, roots: [], nodes: [] }
  const models = new Map<TreeNode | null, RoutingNodeModel>()
  for (const [index, node] of nodes.entries()) {
    const parent = models.get(node.parent)
    const model = { index, parent: parent?.index ?? null, node, dataset: asked.dataset, children: [] }
    models.set(node, model)
    tree.nodes.push(model)
    const siblings = parent?.children ?? tree.roots
    siblings.push(model)
  }
  return tree
}

function limitsOf(args: Partial<QueryRoutingTreeArgs>): { minMembers: number; maxNodes: number } {
  const minMembers = args.minMembers ?? 2
  const maxNodes = args.maxNodes ?? 500
  if (minMembers < 1 || maxNodes < 1)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `minMembers is ${minMembers} and maxNodes ${maxNodes}: ask for one at least of either.`,
    )
  if (maxNodes <= MAX_NODES) return { minMembers, maxNodes }
  throw new AtlasError(
    'TOO_MANY_REQUESTED',
    `maxNodes is ${maxNodes}, and a tree answers ${MAX_NODES} nodes at most: ask for fewer layers or for a greater minMembers.`,
  )
}
