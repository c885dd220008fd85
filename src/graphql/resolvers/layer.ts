import type { LayerResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { networkOf } from '../lookup.ts'
import { readUnits } from '../units.ts'

/** A layer of a network. */
export const layerResolvers: LayerResolvers = {
  id: ({ networkId, index }) => toGlobalId(idTypes.Layer, [networkId, index]),
  path: async (layer, _args, { loaders }) => `${(await networkOf(layer, loaders)).name}/${layer.index}`,
  network: (layer, _args, { loaders }) => networkOf(layer, loaders),
  units: (layer, args, context) => readUnits(layer, args, context),
  bitCount: ({ unitCount, positionCount, bitsPerUnit }) => unitCount * positionCount * bitsPerUnit,
}
