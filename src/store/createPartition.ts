import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { PartitionKey } from './path.ts'
import { positionsIn } from './positions.ts'
import { lockSubject, type LayerSize } from './subject.ts'

/** Sites of a partition: its job keeps 8 bytes of each in memory, 2 GiB. */
const MAX_SITES = 2 ** 28

/** The partition with this key, created empty where there is none. */
export interface PreparedPartition {
  id: number
  networkId: number
  datasetId: number
  computed: boolean
  /** The job that last worked on it. */
  jobId: string | null
}

/**
 * Finds or creates a partition; its regions come later, from its job. Throws what `lockSubject` throws, and
 * POSITIONS_DIFFER (PER_POSITION over layers with different positions), POSITION_OUT_OF_RANGE (the first position
 * of the key is none of theirs), TOO_LARGE (sites).
 */
export async function preparePartition(tx: PrismaTransaction, key: PartitionKey): Promise<PreparedPartition> {
  const { network, dataset, span } = await lockSubject(tx, key)
  const size = spanSize(key, span)
  const siteCount = dataset.inputCount * size.sitesPerInput
  if (siteCount > MAX_SITES)
    throw new AtlasError(
      'TOO_LARGE',
      `The partition would have ${siteCount} sites, more than ${MAX_SITES}: choose some positions, such as every tenth.`,
    )
  const natural = {
    networkId: network.id,
    datasetId: dataset.id,
    fromLayer: key.fromLayer,
    toLayer: key.toLayer,
    granularity: key.granularity,
    positionStart: key.positionStart,
    positionStep: key.positionStep,
  }
  const partition = await tx.partition.upsert({
    where: { networkId_datasetId_fromLayer_toLayer_granularity_positionStart_positionStep: natural },
    create: { ...natural, bitCount: size.bits, siteCount },
    update: {},
  })
  const { id, computedAt, jobId } = partition
  return { id, networkId: network.id, datasetId: dataset.id, computed: computedAt !== null, jobId }
}

function spanSize(key: PartitionKey, span: readonly LayerSize[]): { bits: number; sitesPerInput: number } {
  const bitsOf = (positions: (layer: LayerSize) => number) =>
    span.reduce((bits, layer) => bits + layer.unitCount * layer.bitsPerUnit * positions(layer), 0)
  if (key.granularity === 'WHOLE_INPUT')
    return { bits: bitsOf(({ positionCount }) => positionCount), sitesPerInput: 1 }
  const positions = span[0].positionCount
  const odd = span.find((layer) => layer.positionCount !== positions)
  if (odd)
    throw new AtlasError(
      'POSITIONS_DIFFER',
      `PER_POSITION needs the same positions in every layer, but layer ${span[0].index} has ${positions} and layer ` +
        `${odd.index} has ${odd.positionCount}: choose a span of layers with equal positions, or WHOLE_INPUT.`,
    )
  return { bits: bitsOf(() => 1), sitesPerInput: positionsIn(key, positions).length }
}
