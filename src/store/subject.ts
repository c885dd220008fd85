import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { SpanKey } from './path.ts'

/** The size of a layer. */
export interface LayerSize {
  index: number
  unitCount: number
  positionCount: number
  bitsPerUnit: number
}

/** What work on a span of layers works on. */
export interface Subject {
  network: { id: number; name: string; approximations: string[] }
  dataset: { id: number; name: string; inputCount: number }
  span: LayerSize[]
}

/**
 * Finds a network, a dataset that fits it, and a span of the network's layers, see {@link lockNetwork}. Throws
 * UNKNOWN_NETWORK, UNKNOWN_DATASET, SHAPE_MISMATCH, BAD_SPAN (layers that the network lacks, or from > to).
 */
export async function lockSubject(tx: PrismaTransaction, key: SpanKey): Promise<Subject> {
  const network = await lockNetwork(tx, key.network)
  const dataset = await tx.dataset.findUnique({ where: { name: key.dataset } })
  if (!dataset)
    throw new AtlasError('UNKNOWN_DATASET', `There is no dataset "${key.dataset}": import it first.`)
  checkShapes(network, dataset)
  return { network, dataset, span: selectSpan(key, network.layers) }
}

/**
 * Finds a network with its layers; other requests for it wait for the end of the transaction, since Prisma's upsert
 * does not stand two at once. Throws UNKNOWN_NETWORK.
 */
export async function lockNetwork(tx: PrismaTransaction, name: string) {
  await tx.$executeRaw`select from network where name = ${name} for no key update`
  const network = await tx.network.findUnique({
    where: { name },
    include: { layers: { orderBy: { index: 'asc' } } },
  })
  if (network) return network
  throw new AtlasError('UNKNOWN_NETWORK', `There is no network "${name}": import it first.`)
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

function selectSpan(key: SpanKey, layers: readonly LayerSize[]): LayerSize[] {
  if (key.fromLayer >= 0 && key.fromLayer <= key.toLayer && key.toLayer < layers.length)
    return layers.slice(key.fromLayer, key.toLayer + 1)
  throw new AtlasError(
    'BAD_SPAN',
    `Network "${key.network}" has no layers ${key.fromLayer}..${key.toLayer}: choose 0 ≤ fromLayer ≤ toLayer ≤ ${layers.length - 1}.`,
  )
}
