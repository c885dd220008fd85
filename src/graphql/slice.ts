import { slice, type CutSlice, type Side } from '../jobs/direct/slice.ts'
import type { Loaders } from '../store/loaders.ts'
import type { Context } from './context.ts'
import type { PointInput, QuerySliceArgs, SliceEdge } from './generated/types.ts'
import { networkOfName } from './lookup.ts'
import type { SliceModel, SlicePolygonModel } from './models.ts'
import { readPoint } from './point.ts'

/** The slice of the arguments. Throws what `slice` and `readPoint` throw, and UNKNOWN_NETWORK. */
export async function readSlice(
  args: QuerySliceArgs,
  { loaders, networkFiles, signal }: Context,
): Promise<SliceModel> {
  const network = await networkOfName(args.network, loaders)
  const layer = args.fromLayer ?? 0
  const [layers, origin, u, v] = await Promise.all([
    loaders.layersOfNetwork.load([network.id]),
    readPoint('origin', args.origin, layer, loaders),
    readSide('u', args.u, layer, loaders),
    readSide('v', args.v, layer, loaders),
  ])
  const span = { layerCount: layers.length, fromLayer: args.fromLayer ?? null, toLayer: args.toLayer ?? null }
  const question = { network, origin, u, v, maxRegions: args.maxRegions ?? 2000, ...span }
  return { networkId: network.id, ...(await slice(networkFiles, question, signal)) }
}

async function readSide(argument: string, given: PointInput, layer: number, loaders: Loaders): Promise<Side> {
  const point = await readPoint(argument, given, layer, loaders)
  return given.values == null ? { to: point } : { along: point.values }
}

/** One polygon of a slice. */
export function polygonAt(cut: SliceModel, i: number): SlicePolygonModel {
  const { networkId, fromLayer, toLayer, starts, places, hashes, predictions } = cut
  return {
    networkId,
    fromLayer,
    toLayer,
    codeHash: Buffer.from(hashes.buffer, hashes.byteOffset + 16 * i, 16).toString('hex'),
    vertices: pairsOf(places, starts[i], starts[i + 1]),
    prediction: predictions[i],
  }
}

/** One piece of a slice's decision boundary. */
export function edgeAt({ edges, edgeLabels }: CutSlice, i: number): SliceEdge {
  const [from, to] = pairsOf(edges, 2 * i, 2 * i + 2)
  return { from, to, labelA: edgeLabels[2 * i], labelB: edgeLabels[2 * i + 1] }
}

function pairsOf(values: Float64Array, from: number, to: number): number[][] {
  return Array.from({ length: to - from }, (_, i) => [values[2 * (from + i)], values[2 * (from + i) + 1]])
}
