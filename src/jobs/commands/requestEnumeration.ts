import { AtlasError } from '../../../compute/errors.ts'
import { boxOf } from '../../../compute/geometry/index.ts'
import { elementCount, notPiecewiseAffine } from '../../../compute/onnx/index.ts'
import { prepareComplex } from '../../store/createComplex.ts'
import type { Database } from '../../store/database.ts'
import { createLoaders } from '../../store/loaders.ts'
import type { NetworkRow } from '../../store/models.ts'
import { enumerateTask } from '../enumerate.ts'
import { enqueue } from '../queue.ts'

/** More dimensions than this have more regions than anybody enumerates. */
const MAX_DIMENSION = 16

/** What to enumerate. */
export interface EnumerationRequest {
  /** Name. */
  network: string
  /** The last layer whose boundaries count; null for the network's last. */
  toLayer: number | null
  /** Bounds of one value for all axes or of one an axis. */
  lower: readonly number[]
  upper: readonly number[]
  /** Regions to explore at most. */
  limit: number
}

/**
 * The complex of a request and the job that enumerates its regions: null where as many as asked are there, the one
 * under way where there is one.
 * @throws AtlasError UNKNOWN_NETWORK, NOT_PIECEWISE_AFFINE, TOO_MANY_DIMENSIONS, BAD_BOX, ENUMERATION_RUNNING where one
 *   to a smaller limit is under way, and what `prepareComplex` throws
 */
export async function requestEnumeration(
  db: Database,
  request: EnumerationRequest,
): Promise<{ complexId: number; jobId: string | null }> {
  const network = await createLoaders(db).networkByName.load([request.network])
  if (!network)
    throw new AtlasError('UNKNOWN_NETWORK', `There is no network "${request.network}": import it first.`)
  if (network.exactness !== 'PIECEWISE_AFFINE') throw notPiecewiseAffine(network.approximations)
  const box = finiteBox(request, network)
  return db.prisma.$transaction(async (tx) => {
    const complex = await prepareComplex(tx, { ...request, ...box })
    const job = complex.jobId && (await tx.job.findUnique({ where: { id: complex.jobId } }))
    if (job && (job.state === 'QUEUED' || job.state === 'RUNNING')) {
      if (complex.raised) throw running(job.id)
      return { complexId: complex.id, jobId: job.id }
    }
    const isWhole = complex.regionCount > 0 && complex.frontierCount === 0
    if (isWhole || complex.regionCount >= request.limit) return { complexId: complex.id, jobId: null }
    const jobId = await enqueue(tx, enumerateTask, { complexId: complex.id }, complex)
    await tx.complex.update({ where: { id: complex.id }, data: { jobId } })
    return { complexId: complex.id, jobId }
  })
}

/** The box with its bounds on every axis, all finite. -0 and 0 are one bound. */
function finiteBox({ lower, upper }: EnumerationRequest, { inputShape }: NetworkRow) {
  const dimension = elementCount(inputShape)
  if (dimension > MAX_DIMENSION)
    throw new AtlasError(
      'TOO_MANY_DIMENSIONS',
      `The network's input has ${dimension} dimensions, and regions are enumerated in up to ${MAX_DIMENSION}: ` +
        'use segments and slices, or the facets of regions around your inputs.',
    )
  const [low, high] = [lower, upper].map((values) => Float64Array.from(values, (value) => value + 0))
  if ([...low, ...high].every(Number.isFinite)) return boxOf({ lower: low, upper: high }, dimension)
  throw new AtlasError('BAD_BOX', 'A box to enumerate has finite sides: give finite bounds.')
}

function running(jobId: string): AtlasError {
  return new AtlasError(
    'ENUMERATION_RUNNING',
    `Job ${jobId} enumerates this box, to a smaller limit: wait for it or cancel it, then ask for more.`,
  )
}
