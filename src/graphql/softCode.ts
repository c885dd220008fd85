import { bitsOfCode } from '../jobs/direct/bits.ts'
import { checkCertainty, siteConfidences } from '../jobs/direct/softCode.ts'
import { existing } from '../store/existing.ts'
import type { InputRow } from '../store/models.ts'
import type { Context } from './context.ts'
import type { InputSoftCodeArgs, SoftCode } from './generated/types.ts'
import { partitionOfId } from './lookup.ts'

/** η where the client does not say: Sigmoid's and SiLU's own. */
export const DEFAULT_SHARPNESS = 1
const DEFAULT_CONFIDENCE = 0.9

/** The code of one of an input's sites, with how sure its bits are. */
export async function readSoftCode(
  { datasetId, index }: InputRow,
  args: Pick<InputSoftCodeArgs, 'partition'> & Partial<InputSoftCodeArgs>,
  { loaders }: Context,
): Promise<SoftCode | null> {
  const { minConfidence, sharpness } = args
  const certainty = checkCertainty({
    minConfidence: minConfidence ?? DEFAULT_CONFIDENCE,
    sharpness: sharpness ?? DEFAULT_SHARPNESS,
  })
  const partition = await partitionOfId(args.partition, loaders)
  if (partition.datasetId !== datasetId) return null
  const position = args.position ?? 0
  const region = await loaders.regionOfSite.load([partition.id, index, position])
  if (!region) return null
  const [code, layers] = await Promise.all([
    loaders.code.load([region.codeHash, region.bitCount]),
    loaders.layersOfNetwork.load([partition.networkId]),
  ])
  const site = { input: index, position }
  const { confidences, sure } = await siteConfidences(loaders, partition, layers, site, certainty)
  return {
    bitCount: partition.bitCount,
    bits: bitsOfCode(existing(code).bits, partition.bitCount),
    confidences,
    confidence: confidences.reduce((least, confidence) => Math.min(least, confidence), 1),
    sure: sure.map(Number).join(''),
    sureBitCount: sure.filter(Boolean).length,
  }
}
