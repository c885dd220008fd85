/** Looks up in which region each input is filed, and compares with its stored codes. */
import { assembleSpan, hash128, selectPositions, spanMargins } from '../../../compute/codes/index.ts'
import { readLayerScales } from '../../store/encoding.ts'
import type { LayerRow, PartitionRow } from '../../store/models.ts'
import { positionsIn } from '../../store/positions.ts'
import type { Transaction } from '../../store/database.ts'
import { readFiledSites } from '../../store/verify/read.ts'
import type { Finding } from './finding.ts'
import type { StoredInputs } from './recompute.ts'

/** A computed partition with its path and the layers of its span. */
export interface FiledPartition {
  row: PartitionRow
  path: string
  layers: LayerRow[]
  scales: number[]
}

/** What partitions are compared by. */
export async function readScalesOf(tx: Transaction, row: PartitionRow): Promise<number[]> {
  return readLayerScales(tx, row.networkId, row.datasetId, row.fromLayer, row.toLayer)
}

/** Margins are float32, and their scale is a sum that Postgres adds up in any order. */
const TOLERANCE = 1e-5

/** The sites of the inputs lie in the regions of their codes, with the margins of these. */
export async function compareFiled(
  tx: Transaction,
  partition: FiledPartition,
  inputs: StoredInputs,
  rows: number,
  found: { regions: Finding; margins: Finding },
): Promise<void> {
  const spanned = spanOf(partition, inputs, rows)
  if (spanned === null) return
  const { positions, hashes, margins } = spanned
  let site = 0
  for await (const filed of readFiledSites(tx, partition.row.id, inputs.first, inputs.first + rows)) {
    const place = `${partition.path}, input ${filed.input}, position ${filed.position}`
    const expected = inputs.first * positions.length + site
    if (
      filed.input !== Math.floor(expected / positions.length) ||
      filed.position !== positions[site % positions.length]
    )
      return found.regions.fault(`${place}: a site before it is not filed, or this is none`)
    const hash = hashes.subarray(16 * site, 16 * site + 16)
    found.regions.looked++
    found.margins.looked++
    if (!filed.hash?.equals(hash))
      found.regions.fault(
        `${place}: its code has the hash ${hash.toString('hex')}, its region ${filed.hash?.toString('hex') ?? 'none'}`,
      )
    const margin = margins[site++]
    if (margin !== filed.margin && Math.abs(margin - filed.margin) > TOLERANCE * Math.abs(margin))
      found.margins.fault(`${place}: ${filed.margin}, not ${margin}`)
  }
  if (site < rows * positions.length)
    found.regions.fault(`${partition.path}: sites of inputs up to ${inputs.first + rows - 1} are not filed`)
}

/** Codes and margins over the span of a partition; null where layers are not stored, which is found elsewhere. */
function spanOf({ row, layers, scales }: FiledPartition, { stored }: StoredInputs, rows: number) {
  const { granularity, bitCount } = row
  const positions = granularity === 'WHOLE_INPUT' ? [0] : positionsIn(row, layers[0].positionCount)
  const parts = layers.flatMap((layer, i) => {
    const of = stored.get(layer.index)
    const units = layer.unitCount * layer.bitsPerUnit
    if (of?.codes.length !== rows * layer.positionCount * Math.ceil(units / 8)) return []
    const part = {
      units,
      positions: layer.positionCount,
      scale: scales[i],
      codes: of.codes,
      margins: of.margins,
    }
    return [granularity === 'WHOLE_INPUT' ? part : selectPositions(part, rows, positions)]
  })
  if (parts.length < layers.length) return null
  const codes = assembleSpan(parts, rows, granularity)
  const sites = rows * positions.length
  const hashes = Buffer.from(hash128(codes, Math.ceil(bitCount / 8), sites, bitCount))
  return { positions, hashes, margins: spanMargins(parts, rows, granularity) }
}
