import { AtlasError } from '../../../compute/errors.ts'
import { boxOf } from '../../../compute/geometry/index.ts'
import { elementCount, notPiecewiseAffine } from '../../../compute/onnx/index.ts'
import { prepareComplex, type ComplexRequest } from '../../store/createComplex.ts'
import type { Database } from '../../store/database.ts'
import { lockNetwork } from '../../store/subject.ts'
import { spanOf } from '../direct/geometrySpan.ts'
import { enumerateTask } from '../enumerate.ts'
import { enqueue, jobUnderWay } from '../queue.ts'

/** More dimensions than this have more regions than anybody enumerates. */
const MAX_DIMENSION = 16
/** Entries of the map that is stored with each region. */
const MAX_MAP_ENTRIES = 8192

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
 * @throws AtlasError UNKNOWN_NETWORK, NOT_PIECEWISE_AFFINE, BAD_SPAN, TOO_MANY_DIMENSIONS, BAD_BOX, TOO_LARGE (the regions'
 *   maps), BAD_ARGUMENT (the limit), ENUMERATION_RUNNING where one to a smaller limit is under way
 */
export async function requestEnumeration(
  db: Database,
  request: EnumerationRequest,
): Promise<{ complexId: number; jobId: string | null }> {
  return db.prisma.$transaction(async (tx) => {
    const complex = await prepareComplex(tx, complexOf(request, await lockNetwork(tx, request.network)))
    const underWay = await jobUnderWay(tx, complex.jobId)
    if (underWay && complex.raised) throw running(underWay)
    if (underWay) return { complexId: complex.id, jobId: underWay }
    const isWhole = complex.regionCount > 0 && complex.frontierCount === 0
    if (isWhole || complex.regionCount >= request.limit) return { complexId: complex.id, jobId: null }
    const jobId = await enqueue(tx, enumerateTask, { complexId: complex.id }, complex)
    await tx.complex.update({ where: { id: complex.id }, data: { jobId } })
    return { complexId: complex.id, jobId }
  })
}

type Network = Awaited<ReturnType<typeof lockNetwork>>

/** The complex that a request names. */
function complexOf(request: EnumerationRequest, network: Network): ComplexRequest {
  const { id, exactness, approximations, layers, outputShape } = network
  if (exactness !== 'PIECEWISE_AFFINE') throw notPiecewiseAffine(approximations)
  const { toLayer } = spanOf({ layerCount: layers.length, fromLayer: null, toLayer: request.toLayer })
  const box = finiteBox(request, network)
  const sizes = layers.map(({ unitCount, positionCount }) => unitCount * positionCount)
  const outputs = toLayer === layers.length - 1 ? elementCount(outputShape) : sizes[toLayer]
  refuseLargeMaps(outputs, box.lower.length)
  const span = layers.slice(0, toLayer + 1)
  const bitCount = span.reduce((sum, { bitsPerUnit }, i) => sum + sizes[i] * bitsPerUnit, 0)
  return { networkId: id, toLayer, bitCount, ...box, limit: request.limit }
}

function refuseLargeMaps(outputs: number, dimension: number): void {
  if (outputs * (dimension + 1) <= MAX_MAP_ENTRIES) return
  throw new AtlasError(
    'TOO_LARGE',
    `The map that is stored with each region would have ${outputs * (dimension + 1)} entries, more than ` +
      `${MAX_MAP_ENTRIES}: choose another last layer.`,
  )
}

/** The box with its bounds on every axis, all finite. -0 and 0 are one bound. */
function finiteBox({ lower, upper }: EnumerationRequest, { inputShape }: Network) {
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
