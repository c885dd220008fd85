import { segment, type Segment } from '../jobs/direct/segment.ts'
import type { Context } from './context.ts'
import type { QuerySegmentArgs } from './generated/types.ts'
import { networkOfName } from './lookup.ts'
import { readPoint } from './point.ts'

/** What the line of the arguments crosses. Throws what `segment` and `readPoint` throw, and UNKNOWN_NETWORK. */
export async function readSegment(args: QuerySegmentArgs, context: Context): Promise<Segment> {
  const { loaders, networkFiles, signal } = context
  const network = await networkOfName(args.network, loaders)
  const [layers, from, to] = await Promise.all([
    loaders.layersOfNetwork.load([network.id]),
    readPoint('from', args.from, args.fromLayer ?? 0, loaders),
    readPoint('to', args.to, args.fromLayer ?? 0, loaders),
  ])
  const span = { fromLayer: args.fromLayer ?? null, toLayer: args.toLayer ?? null }
  return segment(networkFiles, { network, layerCount: layers.length, from, to, ...span }, signal)
}
