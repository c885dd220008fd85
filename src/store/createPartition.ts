import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { PartitionKey } from './path.ts'

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
 * Finds or creates a partition; its regions come later, from its job. Throws UNKNOWN_NETWORK,
 * UNKNOWN_DATASET, BAD_SPAN (layers that the network lacks, or from > to), POSITIONS_DIFFER (PER_POSITION over
 * layers with different positions).
 */
export async function preparePartition(tx: PrismaTransaction, key: PartitionKey): Promise<PreparedPartition> {
  // Requests for one network take turns: Prisma's upsert does not stand two at once.
  await tx.$executeRaw`select from network where name = ${key.network} for no key update`
  const network = await tx.network.findUnique({
    where: { name: key.network },
    include: { layers: { orderBy: { index: 'asc' } } },
  })
  if (!network)
    throw new AtlasError('UNKNOWN_NETWORK', `There is no network "${key.network}": import it first.`)
  const dataset = await tx.dataset.findUnique({ where: { name: key.dataset } })
  if (!dataset)
    throw new AtlasError('UNKNOWN_DATASET', `There is no dataset "${key.dataset}": import it first.`)
  checkShapes(network, dataset)
  const span = selectSpan(key, network.layers)
  const size = spanSize(key, span)
  const natural = {
    networkId: network.id,
    datasetId: dataset.id,
    fromLayer: key.fromLayer,
    toLayer: key.toLayer,
    granularity: key.granularity,
  }
  const partition = await tx.partition.upsert({
    where: { networkId_datasetId_fromLayer_toLayer_granularity: natural },
    create: { ...natural, bitCount: size.bits, siteCount: dataset.inputCount * size.sitesPerInput },
    update: {},
  })
  const { id, computedAt, jobId } = partition
  return { id, networkId: network.id, datasetId: dataset.id, computed: computedAt !== null, jobId }
}

function checkShapes(
  network: { name: string; inputShape: number[] },
  dataset: { name: string; shape: number[] },
): void {
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1)
  if (size(network.inputShape) === size(dataset.shape)) return
  throw new AtlasError(
    'SHAPE_MISMATCH',
    `Network "${network.name}" takes inputs of shape [${network.inputShape.join(', ')}], but the samples of dataset ` +
      `"${dataset.name}" have shape [${dataset.shape.join(', ')}]: they must hold the same number of values.`,
  )
}

interface LayerSize {
  index: number
  unitCount: number
  positionCount: number
  bitsPerUnit: number
}

function selectSpan(key: PartitionKey, layers: readonly LayerSize[]): LayerSize[] {
  if (key.fromLayer >= 0 && key.fromLayer <= key.toLayer && key.toLayer < layers.length)
    return layers.slice(key.fromLayer, key.toLayer + 1)
  throw new AtlasError(
    'BAD_SPAN',
    `Network "${key.network}" has no layers ${key.fromLayer}..${key.toLayer}: choose 0 ≤ fromLayer ≤ toLayer ≤ ${layers.length - 1}.`,
  )
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
  return { bits: bitsOf(() => 1), sitesPerInput: positions }
}
