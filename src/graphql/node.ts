/** Entities by global id, whatever their type. */
import { AtlasError } from '../../compute/errors.ts'
import type { Loaders } from '../store/loaders.ts'
import type { ResolversTypes } from './generated/types.ts'
import { idTypes, parseGlobalId, typeOfGlobalId, type NodeType } from './globalId.ts'

/** The row of any entity. */
export type NodeRow = Awaited<ResolversTypes['Node']>

/** How an entity of each type is read by the key in its id. */
const readers: Record<NodeType, (id: string, loaders: Loaders) => Promise<NodeRow | null>> = {
  Network: (id, loaders) => loaders.networkById.load(parseGlobalId(id, idTypes.Network)),
  Layer: (id, loaders) => readLayer(parseGlobalId(id, idTypes.Layer), loaders),
  Dataset: (id, loaders) => loaders.datasetById.load(parseGlobalId(id, idTypes.Dataset)),
  Input: (id, loaders) => loaders.input.load(parseGlobalId(id, idTypes.Input)),
  Partition: (id, loaders) => loaders.partitionById.load(parseGlobalId(id, idTypes.Partition)),
  Region: (id, loaders) => loaders.region.load(parseGlobalId(id, idTypes.Region)),
  Code: (id, loaders) => loaders.code.load(parseGlobalId(id, idTypes.Code)),
  Comparison: (id, loaders) => loaders.comparisonById.load(parseGlobalId(id, idTypes.Comparison)),
  Complex: (id, loaders) => loaders.complexById.load(parseGlobalId(id, idTypes.Complex)),
  ComplexRegion: (id, loaders) => loaders.complexRegion.load(parseGlobalId(id, idTypes.ComplexRegion)),
  SegmentSet: (id, loaders) => loaders.segmentSetById.load(parseGlobalId(id, idTypes.SegmentSet)),
  Clustering: (id, loaders) => loaders.clusteringById.load(parseGlobalId(id, idTypes.Clustering)),
  Cluster: (id, loaders) => loaders.cluster.load(parseGlobalId(id, idTypes.Cluster)),
  DirectionSet: (id, loaders) => loaders.directionSetById.load(parseGlobalId(id, idTypes.DirectionSet)),
  Embedding: (id, loaders) => loaders.embeddingById.load(parseGlobalId(id, idTypes.Embedding)),
  Series: (id, loaders) => loaders.seriesById.load(parseGlobalId(id, idTypes.Series)),
  Job: (id, loaders) => loaders.job.load(parseGlobalId(id, idTypes.Job)),
}

async function readLayer([network, index]: readonly [number, number], loaders: Loaders) {
  return (await loaders.layersOfNetwork.load([network])).at(index) ?? null
}

const typeOfRow = new WeakMap<NodeRow, NodeType>()

/** Remembers the type of a row that a field of type Node answers. */
export function asNode<Row extends NodeRow>(row: Row | null, type: NodeType): Row | null {
  if (row) typeOfRow.set(row, type)
  return row
}

/** The type of a row that went through `asNode`. */
export function typeOfNode(row: NodeRow): NodeType | null {
  return typeOfRow.get(row) ?? null
}

/** The entity with a global id; null where there is none. Throws BAD_ID. */
export async function readNode(id: string, loaders: Loaders): Promise<NodeRow | null> {
  const type = typeOfGlobalId(id)
  return asNode(await readers[type](id, loaders), type)
}

const MAX_NODES = 500

/** The entities with these global ids. Throws BAD_ID, TOO_MANY_REQUESTED. */
export async function readNodes(ids: readonly string[], loaders: Loaders): Promise<(NodeRow | null)[]> {
  if (ids.length <= MAX_NODES) return Promise.all(ids.map((id) => readNode(id, loaders)))
  throw new AtlasError('TOO_MANY_REQUESTED', `${ids.length} ids: ask for at most ${MAX_NODES} at a time.`)
}
