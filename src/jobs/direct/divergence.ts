/** In which layers the stored codes of two inputs differ. */
import { popcounts } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { InputRow, LayerRow, NetworkRow } from '../../store/models.ts'

/** How far two inputs are apart in one layer. */
export interface LayerDivergence {
  layer: LayerRow
  /** Bits of the layer's code of a whole input. */
  bitCount: number
  differingBitCount: number
}

/**
 * Compares the codes of two inputs of one dataset, layer by layer. Throws NOT_COMPUTED where codes of a layer are not
 * stored.
 */
export async function layerDivergences(
  loaders: Loaders,
  network: NetworkRow,
  a: InputRow,
  b: InputRow,
): Promise<LayerDivergence[]> {
  const layers = await loaders.layersOfNetwork.load([network.id])
  const codesOf = ({ datasetId, index }: InputRow) =>
    Promise.all(layers.map((layer) => loaders.layerCode.load([network.id, datasetId, layer.index, index])))
  const [codesA, codesB] = await Promise.all([codesOf(a), codesOf(b)])
  return layers.map((layer, i) => {
    const { unitCount, positionCount, bitsPerUnit } = layer
    const [codeA, codeB] = [codesA[i], codesB[i]]
    if (!codeA || !codeB) throw notStored(network, layers, layer)
    const differing = codeA.map((byte, at) => byte ^ codeB[at])
    const [differingBitCount] = popcounts(differing, differing.length, 1)
    return { layer, bitCount: unitCount * positionCount * bitsPerUnit, differingBitCount }
  })
}

function notStored({ name }: NetworkRow, layers: readonly LayerRow[], { index }: LayerRow): AtlasError {
  return new AtlasError(
    'NOT_COMPUTED',
    `The codes of layer ${index} of network "${name}" are not stored for these inputs: create a partition of their ` +
      `dataset by layers 0 to ${layers.length - 1} of that network, and ask again when its job has finished.`,
  )
}
