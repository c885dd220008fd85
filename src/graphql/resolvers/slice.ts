import type { SlicePolygonResolvers, SliceResolvers } from '../generated/types.ts'
import { overTurns } from '../overTurns.ts'
import { edgeAt, polygonAt } from '../slice.ts'

/** A plane slice. */
export const sliceResolvers: SliceResolvers = {
  regionCount: ({ predictions }) => predictions.length,
  polygons: (cut) => overTurns(cut.predictions.length, (i) => polygonAt(cut, i)),
  decisionBoundary: (cut) => overTurns(cut.edgeLabels.length / 2, (i) => edgeAt(cut, i)),
}

/** One polygon of it. */
export const slicePolygonResolvers: SlicePolygonResolvers = {
  region: ({ networkId, fromLayer, toLayer, codeHash }, _args, { loaders }) =>
    loaders.regionOfSpan.load([networkId, fromLayer, toLayer, codeHash]),
}
