import { AtlasError } from '../../../compute/errors.ts'
import type { NetworkRow } from '../../store/models.ts'
import type { AtlasCli } from '../session.ts'
import { fields } from '../text.ts'
import { layerView } from '../views.ts'
import type { Answer } from './answer.ts'

/** Throws UNKNOWN_LAYER. */
export async function layerAnswer(
  { loaders }: AtlasCli,
  network: NetworkRow,
  index: number,
): Promise<Answer> {
  const layers = await loaders.layersOfNetwork.load([network.id])
  const row = layers.find((layer) => layer.index === index)
  if (!row)
    throw new AtlasError(
      'UNKNOWN_LAYER',
      `The network "${network.name}" has no layer ${index}: its layers are 0 to ${layers.length - 1}.`,
    )
  const layer = layerView(network.name, row)
  return {
    document: { kind: 'layer', ...layer },
    text: fields([
      ['layer', layer.path],
      ['name', layer.name],
      ['operator', layer.operator],
      ['units', layer.unitCount],
      ['positions', layer.positionCount],
      ['bits a unit', layer.bitsPerUnit],
      ['bit is exact', layer.exact ? 'yes' : 'no, only the sign of the pre-activation'],
    ]),
  }
}
