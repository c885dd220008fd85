/** The regions of a dataset as a tree of prefixes, grown layer by layer from the stored codes. */
import { setImmediate } from 'node:timers/promises'
import { PrefixLevel } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { readEncodedChunks, readLabels, readLayerCodes } from '../../store/encoding.ts'
import type { DatasetRow, LayerRow } from '../../store/models.ts'
import { greatestNodes, labelTallies } from './treeNodes.ts'

/** Bytes of codes that are grouped before the event loop serves others: about 5 ms of them. */
const BYTES_A_TURN = 1 << 22

/** Which tree to grow. */
export interface TreeQuestion {
  dataset: DatasetRow
  /** The layers of the span, in order. */
  layers: readonly LayerRow[]
  /** Sites that a node has at least. */
  minMembers: number
  maxNodes: number
}

/** A code of the first layers of the span, and the sites that have it. */
export interface TreeNode {
  /** Its last layer; null for the root, which holds all sites. */
  layer: LayerRow | null
  parent: TreeNode | null
  /** Layers of the code, less one; -1 for the root. */
  depth: number
  memberCount: number
  firstInput: number
  /** Label to number of members. */
  labels: Map<number, number>
  /** Distinct codes one layer further, those of left-out nodes among them. */
  childCount: number
}

/** A tree that is grown. */
export interface GrownTree {
  root: TreeNode
  /** By depth, then by falling member count, then in order of the first member. */
  nodes: TreeNode[]
  /** False where `maxNodes` left nodes out. */
  complete: boolean
}

/**
 * Grows the tree in turns of some codes, so that the event loop serves others. After each layer only the
 * `maxNodes` greatest nodes are kept: what hangs below a node is never greater than it, so none of it comes back.
 * Memory: 4 bytes a site, and a level's keys. Throws NOT_COMPUTED where codes are not stored.
 */
export async function growTree(
  db: Database,
  { dataset, layers, minMembers, maxNodes }: TreeQuestion,
  signal: AbortSignal,
): Promise<GrownTree> {
  await checkStored(db, dataset, layers)
  const labels = await readLabels(db, dataset.id)
  const nodeOf = new Int32Array(dataset.inputCount)
  const [root] = [newNode(null, null, dataset.inputCount, 0)]
  let above = [root]
  let kept: TreeNode[] = []
  let complete = true
  for (const layer of layers) {
    const level = new PrefixLevel()
    const parents = nodeOf.slice()
    await groupLayer(db, dataset, layer, level, nodeOf, signal)
    const counts = level.counts()
    const first = firstSites(nodeOf, counts.length)
    for (const site of first) above[parents[site]].childCount++
    const greatest = greatestNodes(counts, minMembers, maxNodes)
    const found = greatest.nodes.map((node) =>
      newNode(layer, above[parents[first[node]]], counts[node], first[node]),
    )
    const all = [...kept, ...found].sort(byMembers)
    complete &&= greatest.all && all.length <= maxNodes
    kept = all.slice(0, maxNodes)
    above = await keepLevel(nodeOf, counts.length, greatest.nodes, found, new Set(kept))
    await labelTallies(nodeOf, labels, above)
  }
  return { root, nodes: kept.sort((a, b) => a.depth - b.depth || byMembers(a, b)), complete }
}

function newNode(layer: LayerRow | null, parent: TreeNode | null, memberCount: number, firstInput: number) {
  const depth = parent ? parent.depth + 1 : -1
  return { layer, parent, depth, memberCount, firstInput, labels: new Map<number, number>(), childCount: 0 }
}

/** The greater first; of equals a node comes before what hangs below it. */
function byMembers(a: TreeNode, b: TreeNode): number {
  return b.memberCount - a.memberCount || a.depth - b.depth || a.firstInput - b.firstInput
}

/** Replaces each site's node by that on the next level. */
async function groupLayer(
  db: Database,
  dataset: DatasetRow,
  { networkId, index }: LayerRow,
  level: PrefixLevel,
  nodeOf: Int32Array,
  signal: AbortSignal,
): Promise<void> {
  let site = 0
  for await (const [codes] of readLayerCodes(db, networkId, dataset.id, index, index)) {
    const rows = Math.min(dataset.chunkSize, dataset.inputCount - site)
    const stride = codes.length / rows
    const step = Math.max(1, Math.floor(BYTES_A_TURN / stride))
    for (let from = 0; from < rows; from += step) {
      const to = Math.min(rows, from + step)
      const above = nodeOf.slice(site + from, site + to)
      nodeOf.set(level.add(codes.subarray(from * stride, to * stride), above), site + from)
      await setImmediate()
      signal.throwIfAborted()
    }
    site += rows
  }
}

/** The first site of each node. */
function firstSites(nodeOf: Int32Array, nodeCount: number): Int32Array {
  const first = new Int32Array(nodeCount)
  for (let site = nodeOf.length - 1; site >= 0; site--) if (nodeOf[site] >= 0) first[nodeOf[site]] = site
  return first
}

/** Numbers the nodes of a level that are kept anew and leaves the sites of all others out; answers the nodes. */
async function keepLevel(
  nodeOf: Int32Array,
  nodeCount: number,
  numbers: readonly number[],
  found: readonly TreeNode[],
  kept: ReadonlySet<TreeNode>,
): Promise<TreeNode[]> {
  const newNumber = new Int32Array(nodeCount).fill(-1)
  const level: TreeNode[] = []
  for (const [i, node] of found.entries()) if (kept.has(node)) newNumber[numbers[i]] = level.push(node) - 1
  for (let site = 0; site < nodeOf.length; site++)
    if (nodeOf[site] >= 0) nodeOf[site] = newNumber[nodeOf[site]]
  await setImmediate()
  return level
}

async function checkStored(db: Database, dataset: DatasetRow, layers: readonly LayerRow[]): Promise<void> {
  const [from, to] = [layers[0], layers[layers.length - 1]]
  const stored = await readEncodedChunks(db, from.networkId, dataset.id, from.index, to.index)
  if (stored.size === Math.ceil(dataset.inputCount / dataset.chunkSize)) return
  throw new AtlasError(
    'NOT_COMPUTED',
    `The network's codes of layers ${from.index} to ${to.index} are not stored for dataset "${dataset.name}": create a ` +
      'partition of it by these layers, and ask again when its job has finished.',
  )
}
