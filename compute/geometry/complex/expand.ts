import { packBits, unpackBits } from '../../codes/index.ts'
import { concatNumbers } from '../../floats.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../../stopped.ts'
import { codesAcross, regionFacets, type Box, type RegionFacet } from '../facets/index.ts'
import { localMaps, type LocalMap } from '../localMap.ts'
import type { Program } from '../program.ts'
import { singularValues } from '../singularValues.ts'

/** Regions to look at. */
export interface Seeds {
  count: number
  /** count x ceil(bits / 8) bytes */
  codes: Uint8Array
  /** count x dimension: a point of each region or near it, at which rounding is least. */
  points: Float64Array
}

/** Regions of the layers 0 … toLayer inside of a box. */
export interface ExpandTask {
  toLayer: number
  box: Box
  seeds: Seeds
}

/** What some regions are and what lies across their facets. */
export interface ExpandedRegions {
  count: number
  /** 1 where all facets are found; 0 where rounding left some undecided, or the region is too thin for float64. */
  complete: Uint8Array
  /** count x dimension: the centre of the greatest ball inside; the seed's point where the region is too thin. */
  centers: Float64Array
  /** Radius of that ball; 0 where the region is too thin. */
  inradii: Float64Array
  /** count x outputs x (dimension + 1): each row of A and its entry of b, of output = A x + b. */
  maps: Float64Array
  /** count x min(outputs, dimension): the singular values of A, descending. */
  singularValues: Float64Array
  /** count + 1: region i has the facets starts[i] … starts[i + 1] - 1, none where it is too thin. */
  starts: Int32Array
  /** Per facet: the first bit of the code that changes with the unit it lies on, or, for a side of the box, -1 - 2 axis - upper. */
  sources: Int32Array
  /** Per facet: its distance from the region's centre. */
  distances: Float64Array
  /** The regions across the facets that are no sides of the box, in the order of the facets. */
  across: Seeds
}

/** One region, before all are put together. */
interface Expanded {
  complete: boolean
  center: Float64Array
  inradius: number
  map: Float64Array
  singularValues: Float64Array
  facets: RegionFacet[]
  /** Across each facet that is no side of the box: one entry a bit. */
  codes: Uint8Array[]
}

/**
 * The facets of some regions inside of a box, and the regions across them.
 * @throws AtlasError TOO_LARGE, see {@link localMaps}
 */
export async function expandRegions(
  program: Program,
  { toLayer, box, seeds }: ExpandTask,
  stopped: Stopped = neverStopped,
): Promise<ExpandedRegions> {
  const { count, points } = seeds
  const stride = seeds.codes.length / count
  const span = { fromLayer: 0, toLayer }
  const bitCount = program.gates.slice(0, toLayer + 1).reduce((sum, gate) => sum + gate.bitCount, 0)
  const codes = Array.from({ length: count }, (_, i) =>
    unpackBits(seeds.codes.subarray(i * stride, (i + 1) * stride), bitCount),
  )
  const maps = await localMaps(program, span, codes, [points], stopped)
  const regions: Expanded[] = []
  for (const [i, map] of maps.entries()) {
    throwIfStopped(stopped)
    const found = regionFacets(map, codes[i], { box, stopped })
    // Stopped inside of a search it looks as if facets were left undecided.
    throwIfStopped(stopped)
    const facets = found.kind === 'FACETS' ? found.facets : []
    const across = await codesAcross(program, { ...span, bits: codes[i] }, map, facets, stopped)
    regions.push({
      ...(found.kind === 'FACETS'
        ? { complete: found.complete, center: found.center ?? found.inside, inradius: found.inradius }
        : { complete: false, center: map.base, inradius: 0 }),
      map: mapFromOrigin(map),
      singularValues: singularValues(map.output.matrix, map.output.value.length, map.dimension, stopped),
      facets,
      codes: across.filter((code) => code !== null),
    })
  }
  return putTogether(regions, bitCount)
}

/** Each row of A with its entry of b. */
function mapFromOrigin({ dimension, base, output }: LocalMap): Float64Array {
  const { matrix, value } = output
  const rows = new Float64Array(value.length * (dimension + 1))
  for (let row = 0; row < value.length; row++) {
    let bias = value[row]
    for (let i = 0; i < dimension; i++) {
      const entry = matrix[row * dimension + i]
      rows[row * (dimension + 1) + i] = entry
      bias -= entry * base[i]
    }
    rows[(row + 1) * (dimension + 1) - 1] = bias
  }
  return rows
}

function putTogether(regions: readonly Expanded[], bitCount: number): ExpandedRegions {
  const facets = regions.flatMap((region) => region.facets)
  const inner = facets.filter(({ bounds }) => bounds[0].kind === 'UNIT')
  const starts = new Int32Array(regions.length + 1)
  regions.forEach((region, i) => (starts[i + 1] = starts[i] + region.facets.length))
  return {
    count: regions.length,
    complete: Uint8Array.from(regions, ({ complete }) => Number(complete)),
    centers: concatNumbers(
      Float64Array,
      regions.map(({ center }) => center),
    ),
    inradii: Float64Array.from(regions, ({ inradius }) => inradius),
    maps: concatNumbers(
      Float64Array,
      regions.map(({ map }) => map),
    ),
    singularValues: concatNumbers(
      Float64Array,
      regions.map((region) => region.singularValues),
    ),
    starts,
    sources: Int32Array.from(facets, sourceOf),
    distances: Float64Array.from(
      regions.flatMap(({ center, facets: own }) => own.map((facet) => distanceFrom(center, facet))),
    ),
    across: {
      count: inner.length,
      codes: packBits(
        regions.flatMap((region) => region.codes),
        bitCount,
      ),
      points: concatNumbers(
        Float64Array,
        inner.map(({ point }) => point),
      ),
    },
  }
}

function sourceOf({ bounds: [bound] }: RegionFacet): number {
  return bound.kind === 'UNIT' ? bound.bits[0] : -1 - 2 * bound.axis - Number(bound.side === 'UPPER')
}

function distanceFrom(center: Float64Array, { point, normal }: RegionFacet): number {
  return center.reduce((sum, value, j) => sum + (point[j] - value) * normal[j], 0)
}
