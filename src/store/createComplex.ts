import { createHash } from 'node:crypto'
import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import { float64Bytes } from './float64.ts'

/** Regions of one complex at most. */
const MAX_REGIONS = 10_000_000

/** What a complex is, and how much of it is wanted. */
export interface ComplexRequest {
  networkId: number
  /** The last layer whose boundaries count. */
  toLayer: number
  /** Bits of the layers up to it. */
  bitCount: number
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
 * @throws AtlasError BAD_ARGUMENT (the limit)
 */
export async function prepareComplex(
  tx: PrismaTransaction,
  request: ComplexRequest,
): Promise<PreparedComplex> {
  const { networkId, toLayer, bitCount, limit } = request
  checkLimit(limit)
  const [lower, upper] = [request.lower, request.upper].map((side) => new Uint8Array(float64Bytes(side)))
  const natural = { networkId, toLayer, boxHash: boxHash(lower, upper) }
  const { id, regionLimit, regionCount, frontierCount, jobId } = await tx.complex.upsert({
    where: { networkId_toLayer_boxHash: natural },
    create: { ...natural, lower, upper, bitCount, regionLimit: limit },
    update: {},
  })
  const raised = limit > regionLimit
  if (raised) await tx.complex.update({ where: { id }, data: { regionLimit: limit } })
  return { id, networkId, raised, regionCount, frontierCount, jobId }
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_REGIONS) return
  throw new AtlasError('BAD_ARGUMENT', `limit is ${limit}: ask for 1 to ${MAX_REGIONS} regions.`)
}

/** Which box it is, in a path: the first 8 bytes of a SHA-256 of its sides, as 16 hexadecimal digits. */
function boxHash(lower: Uint8Array, upper: Uint8Array): string {
  return createHash('sha256').update(lower).update(upper).digest('hex').slice(0, 16)
}
