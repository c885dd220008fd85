import { AgreementBuilder, type Agreement } from '../../../compute/codes/index.ts'
import type { Database } from '../../store/database.ts'
import type { DatasetRow, LayerRow, PartitionRow } from '../../store/models.ts'
import { readSelectedCodes, type RegionSelection } from '../../store/regionCodes.ts'
import { isExactSpan, spanLayers } from '../../store/span.ts'
import { bitsOfCode } from './bits.ts'
import { sureInAll, type Certainty } from './softCode.ts'

/** The bits on which all codes of a set agree. */
export interface SharedBits {
  bitCount: number
  /** Whether all bits are of exact layers. */
  exact: boolean
  agreeingBitCount: number
  /** One character a bit: 1 where all agree. */
  mask: string
  /** One character a bit: the common value, 0 where they do not agree. */
  values: string
  perLayer: { layer: LayerRow; bitCount: number; agreeingBitCount: number }[]
}

/** The partition whose codes are read, its dataset, and all layers of its network. */
export interface SharedCodeSubject {
  partition: PartitionRow
  dataset: DatasetRow
  layers: readonly LayerRow[]
}

/**
 * The shared code of the selected regions of a partition, streamed: about 8 MiB of codes at a time. With a certainty,
 * only bits that are sure in all of the selected sites agree. Null where nothing is selected.
 */
export async function sharedCode(
  db: Database,
  { partition, dataset, layers }: SharedCodeSubject,
  selection: RegionSelection,
  certainty: Certainty | null,
): Promise<SharedBits | null> {
  const builder = new AgreementBuilder(partition.bitCount)
  let regions = 0
  for await (const { codes, rows } of readSelectedCodes(db, partition, selection)) {
    builder.add(codes, rows)
    regions += rows
  }
  if (regions === 0) return null
  const sure = certainty && (await sureInAll(db, partition, dataset, layers, selection, certainty))
  return sharedBits({ partition, layers }, builder.result(), sure)
}

/** An agreement of a partition's codes by layers; of bits that are not sure in all sites nothing is left. */
export function sharedBits(
  { partition, layers }: Pick<SharedCodeSubject, 'partition' | 'layers'>,
  agreement: Agreement,
  sure: readonly boolean[] | null,
): SharedBits {
  const onlySure = (bits: string) =>
    sure ? bits.replace(/./g, (bit, i: number) => (sure[i] ? bit : '0')) : bits
  const mask = onlySure(bitsOfCode(agreement.mask, partition.bitCount))
  const span = spanLayers(partition, layers)
  return {
    bitCount: partition.bitCount,
    exact: isExactSpan(partition, layers),
    agreeingBitCount: countOnes(mask, 0, mask.length),
    mask,
    values: onlySure(bitsOfCode(agreement.values, partition.bitCount)),
    perLayer: span.map(({ layer, firstBit, bitCount }) => ({
      layer,
      bitCount,
      agreeingBitCount: countOnes(mask, firstBit, firstBit + bitCount),
    })),
  }
}

function countOnes(bits: string, from: number, to: number): number {
  let ones = 0
  for (let i = from; i < to; i++) if (bits[i] === '1') ones++
  return ones
}
