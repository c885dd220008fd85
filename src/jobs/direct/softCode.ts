/** How sure the bits of codes are, where gates are smooth. */
import { setImmediate } from 'node:timers/promises'
import { confidenceOf, leastSureByte, lowerTo } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { DatasetRow, LayerRow, PartitionRow } from '../../store/models.ts'
import type { RegionSelection } from '../../store/regionCodes.ts'
import { readSelectedDistances } from '../../store/softCodes.ts'
import { spanLayers, type SpanLayer } from '../../store/span.ts'

/** Distances that are compared before the event loop serves others: about 5 ms of them. */
const BYTES_A_TURN = 1 << 22

/** What counts as sure: a confidence σ(sharpness |z|) of `minConfidence` or more. */
export interface Certainty {
  minConfidence: number
  /** η of σ(η z). */
  sharpness: number
}

/** Checks what counts as sure. Throws BAD_ARGUMENT. */
export function checkCertainty({ minConfidence, sharpness }: Certainty): Certainty {
  if (minConfidence >= 0.5 && minConfidence <= 1 && sharpness > 0 && Number.isFinite(sharpness))
    return { minConfidence, sharpness }
  throw new AtlasError(
    'BAD_ARGUMENT',
    `minConfidence is ${minConfidence} and sharpness ${sharpness}: give a confidence from 0.5 to 1 and a sharpness above 0.`,
  )
}

/** How sure each bit of a site's code is. */
export interface BitConfidences {
  /** One a bit, 0.5 to 1; 1 for bits of exact layers. */
  confidences: number[]
  /** One a bit: whether it is sure. */
  sure: boolean[]
}

/**
 * How sure the bits of one site are, from what is stored; `layers` are all layers of the network. Throws NOT_COMPUTED
 * where distances are not stored.
 */
export async function siteConfidences(
  loaders: Loaders,
  partition: PartitionRow,
  layers: readonly LayerRow[],
  site: { input: number; position: number },
  certainty: Certainty,
): Promise<BitConfidences> {
  const { networkId, datasetId } = partition
  const confidences = new Array<number>(partition.bitCount).fill(1)
  const sure = new Array<boolean>(partition.bitCount).fill(true)
  const leastSure = leastSureByte(certainty.minConfidence, certainty.sharpness)
  for (const part of softLayers(partition, layers)) {
    const stored = await loaders.distances.load([networkId, datasetId, part.layer.index, site.input])
    if (!stored) throw notStored(part.layer)
    const from = firstByte(part, partition, { row: 0, position: site.position })
    for (let i = 0; i < part.bitCount; i++) {
      confidences[part.firstBit + i] = confidenceOf(stored[from + i], certainty.sharpness)
      sure[part.firstBit + i] = stored[from + i] >= leastSure
    }
  }
  return { confidences, sure }
}

/**
 * Which bits are sure in every site of a selection; null where every bit of the partition is, being exact. Streamed: a
 * chunk of the dataset at a time. Throws NOT_COMPUTED where distances are not stored.
 */
export async function sureInAll(
  db: Database,
  partition: PartitionRow,
  dataset: DatasetRow,
  layers: readonly LayerRow[],
  selection: RegionSelection,
  certainty: Certainty,
): Promise<boolean[] | null> {
  const soft = softLayers(partition, layers)
  if (soft.length === 0) return null
  const indices = soft.map(({ layer }) => layer.index)
  const least = new Uint8Array(partition.bitCount).fill(255)
  for await (const chunk of readSelectedDistances(db, partition, dataset, indices, selection)) {
    for (const [i, part] of soft.entries()) {
      const stored = chunk.layers[i]
      if (!stored) throw notStored(part.layer)
      const sitesATurn = Math.ceil(BYTES_A_TURN / part.bitCount)
      for (let site = 0; 2 * site < chunk.sites.length; site++) {
        if (site > 0 && site % sitesATurn === 0) await setImmediate()
        const row = chunk.sites[2 * site] - chunk.firstInput
        const from = firstByte(part, partition, { row, position: chunk.sites[2 * site + 1] })
        lowerTo(least, part.firstBit, stored, from, part.bitCount)
      }
    }
  }
  const leastSure = leastSureByte(certainty.minConfidence, certainty.sharpness)
  const sure = Array.from(least, () => true)
  for (const { firstBit, bitCount } of soft)
    for (let bit = firstBit; bit < firstBit + bitCount; bit++) sure[bit] = least[bit] >= leastSure
  return sure
}

function softLayers(partition: PartitionRow, layers: readonly LayerRow[]): SpanLayer[] {
  return spanLayers(partition, layers).filter(({ layer }) => !layer.exact)
}

/** Where a site's distances begin among those of some rows. */
function firstByte(
  { layer, bitCount }: SpanLayer,
  { granularity }: PartitionRow,
  { row, position }: { row: number; position: number },
): number {
  return bitCount * (granularity === 'WHOLE_INPUT' ? row : row * layer.positionCount + position)
}

function notStored({ index }: LayerRow): AtlasError {
  return new AtlasError(
    'NOT_COMPUTED',
    `How sure the bits of layer ${index} are was not stored with its codes: delete the network and import it again.`,
  )
}
