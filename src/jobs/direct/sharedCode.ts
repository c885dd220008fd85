import { AgreementBuilder } from '../../../compute/codes/index.ts'
import type { Database } from '../../store/database.ts'
import type { LayerRow, PartitionRow } from '../../store/models.ts'
import { readSelectedCodes, type RegionSelection } from '../../store/regionCodes.ts'
import { spanLayers } from '../../store/span.ts'
import { bitsOfCode } from './bits.ts'

/** The bits on which all codes of a set agree. */
export interface SharedBits {
  bitCount: number
  agreeingBitCount: number
  /** One character a bit: 1 where all agree. */
  mask: string
  /** One character a bit: the common value, 0 where they do not agree. */
  values: string
  perLayer: { layer: LayerRow; bitCount: number; agreeingBitCount: number }[]
}

/**
 * The shared code of the selected regions of a partition, streamed: about 8 MiB of codes at a time. `layers` are
 * all layers of its network. Null where nothing is selected.
 */
export async function sharedCode(
  db: Database,
  partition: PartitionRow,
  layers: readonly LayerRow[],
  selection: RegionSelection,
): Promise<SharedBits | null> {
  const builder = new AgreementBuilder(partition.bitCount)
  let regions = 0
  for await (const { codes, rows } of readSelectedCodes(db, partition, selection)) {
    builder.add(codes, rows)
    regions += rows
  }
  if (regions === 0) return null
  const agreement = builder.result()
  const mask = bitsOfCode(agreement.mask, partition.bitCount)
  return {
    bitCount: partition.bitCount,
    agreeingBitCount: countOnes(mask, 0, mask.length),
    mask,
    values: bitsOfCode(agreement.values, partition.bitCount),
    perLayer: spanLayers(partition, layers).map(({ layer, firstBit, bitCount }) => ({
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
