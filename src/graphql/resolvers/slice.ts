import type { SlicePolygonResolvers, SliceResolvers } from '../generated/types.ts'
import { edgesOf, polygonsOf } from '../slice.ts'

/** A plane slice. */
export const sliceResolvers: SliceResolvers = {
  regionCount: ({ predictions }) => predictions.length,
  polygons: (cut) => polygonsOf(cut),
  decisionBoundary: (cut) => edgesOf(cut),
}

/** One polygon of it. */
export const slicePolygonResolvers: SlicePolygonResolvers = {
  region: ({ networkId, fromLayer, toLayer, codeHash }, _args, { loaders }) =>
    loaders.regionOfSpan.load([networkId, fromLayer, toLayer, codeHash]),
}
