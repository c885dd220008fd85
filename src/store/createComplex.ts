import { createHash } from 'node:crypto'
import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import { float64Bytes } from './float64.ts'

/** Regions of one complex at most. */
const MAX_REGIONS = 10_000_000
/** Entries of the map that is stored with each region. */
const MAX_MAP_ENTRIES = 8192

/** What to enumerate. */
export interface ComplexRequest {
  /** Name. */
  network: string
  /** The last layer whose boundaries count; null for the network's last. */
  toLayer: number | null
  /** Least and greatest value of each axis of the network's input. */
  lower: Float64Array
  upper: Float64Array
  /** Regions to explore at most. */
  limit: number
}

/** The complex of a request, created empty where there is none. */
export interface PreparedComplex {
  id: number
  networkId: number
  /** More regions were asked for than before. */
  raised: boolean
  regionCount: number
  frontierCount: number
  /** The job that last worked on it. */
  jobId: string | null
}

/**
 * Finds or creates a complex; its regions come later, from its job. A greater limit than before replaces it.
 * @throws AtlasError UNKNOWN_NETWORK, BAD_SPAN, BAD_ARGUMENT (the limit), TOO_LARGE (the regions' maps)
 */
export async function prepareComplex(
  tx: PrismaTransaction,
  request: ComplexRequest,
): Promise<PreparedComplex> {
  // Requests for one network take turns: Prisma's upsert does not stand two at once.
  await tx.$executeRaw`select from network where name = ${request.network} for no key update`
  const network = await tx.network.findUnique({
    where: { name: request.network },
    include: { layers: { orderBy: { index: 'asc' } } },
  })
  if (!network)
    throw new AtlasError('UNKNOWN_NETWORK', `There is no network "${request.network}": import it first.`)
  checkLimit(request.limit)
  const { toLayer, bitCount, outputs } = spanOf(request, network)
  refuseLargeMaps(outputs, request.lower.length)
  const [lower, upper] = [request.lower, request.upper].map((side) => new Uint8Array(float64Bytes(side)))
  const box = { lower, upper }
  const natural = { networkId: network.id, toLayer, boxHash: boxHash(box) }
  const { id, regionLimit, regionCount, frontierCount, jobId } = await tx.complex.upsert({
    where: { networkId_toLayer_boxHash: natural },
    create: { ...natural, ...box, bitCount, regionLimit: request.limit },
    update: {},
  })
  const raised = request.limit > regionLimit
  if (raised) await tx.complex.update({ where: { id }, data: { regionLimit: request.limit } })
  return { id, networkId: network.id, raised, regionCount, frontierCount, jobId }
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_REGIONS) return
  throw new AtlasError('BAD_ARGUMENT', `limit is ${limit}: ask for 1 to ${MAX_REGIONS} regions.`)
}

/** Which box it is, in a path: the first 8 bytes of a SHA-256 of its sides, as 16 hexadecimal digits. */
function boxHash({ lower, upper }: { lower: Uint8Array; upper: Uint8Array }): string {
  return createHash('sha256').update(lower).update(upper).digest('hex').slice(0, 16)
}

interface Span {
  layers: readonly { unitCount: number; positionCount: number; bitsPerUnit: number }[]
  outputShape: readonly number[]
  name: string
}

function spanOf({ toLayer }: ComplexRequest, { name, layers, outputShape }: Span) {
  const last = layers.length - 1
  const chosen = toLayer ?? last
  if (!(chosen >= 0 && chosen <= last))
    throw new AtlasError(
      'BAD_SPAN',
      `Network "${name}" has no layer ${chosen}: choose one from 0 to ${last}.`,
    )
  const sizes = layers.map(({ unitCount, positionCount }) => unitCount * positionCount)
  return {
    toLayer: chosen,
    bitCount: sizes.slice(0, chosen + 1).reduce((sum, size, i) => sum + size * layers[i].bitsPerUnit, 0),
    outputs: chosen === last ? product(outputShape) : sizes[chosen],
  }
}

function refuseLargeMaps(outputs: number, dimension: number): void {
  if (outputs * (dimension + 1) <= MAX_MAP_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `The map that is stored with each region would have ${outputs * (dimension + 1)} entries, more than ` +
      `${MAX_MAP_ENTRIES}: choose another last layer.`,
  )
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1)
}
