import { packBits } from '../../codes/index.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../../stopped.ts'
import { localMap, type RegionOfSpan } from '../localMap.ts'
import type { Program, States } from '../program.ts'
import { codesAcross } from './codesAcross.ts'
import { boxOf, type GivenBox } from './givenBox.ts'
import type { Bound } from './halfSpaces.ts'
import { regionFacets, type RegionFacet } from './regionFacets.ts'

/** A facet that leads to another region. */
export interface CrossedFacet {
  /** The first unit that switches there: its layer in the network, its channel, its position. */
  layer: number
  unit: number
  position: number
  /** From the point that was given, along the normal; negative where that is outside. */
  distance: number
  /** Bits that differ in the code across. */
  bitDistance: number
}

/** A facet that is a side of the box. */
export interface BoxSide {
  axis: number
  side: 'LOWER' | 'UPPER'
  /** As for {@link CrossedFacet}. */
  distance: number
}

/** The polytope of a region as it is stored. */
export interface RegionPolytope {
  /** Chebyshev centre in the space where the span begins; null where there is none, or none is known. */
  center: Float64Array | null
  /** Infinity where balls of any radius fit, 0 where no point has the code, null where rounding left that open. */
  inradius: number | null
  /** No facet is missing. */
  complete: boolean
  /** By distance. */
  crossed: CrossedFacet[]
  /** The codes across these, packed: one row each of ceil(bits / 8) bytes. */
  codes: Uint8Array
  /** By distance. */
  sides: BoxSide[]
}

/**
 * The facets of a region, where it is widest, and the codes across.
 *
 * @param at the states before the span at a point of the region, see `localMap`
 * @throws AtlasError TOO_LARGE, BAD_BOX
 */
export async function regionPolytope(
  program: Program,
  region: RegionOfSpan,
  at: States,
  box: GivenBox | null,
  stopped: Stopped = neverStopped,
): Promise<RegionPolytope> {
  const dimension = at.reduce((sum, state) => sum + (state?.length ?? 0), 0)
  const limits = box && { box: boxOf(box, dimension) }
  const map = await localMap(program, region, at, stopped)
  const found = regionFacets(map, region.bits, { ...limits, stopped })
  throwIfStopped(stopped)
  if (found.kind !== 'FACETS') {
    const isEmpty = found.kind === 'EMPTY'
    const nothing = { crossed: [], codes: new Uint8Array(), sides: [] }
    return { center: null, inradius: isEmpty ? 0 : null, complete: isEmpty, ...nothing }
  }
  const { center, inradius, complete } = found
  const facets = [...found.facets].sort((x, y) => x.distance - y.distance)
  const codes = await codesAcross(program, region, map, facets, stopped)
  const across = codes.filter((code) => code !== null)
  const inner = facets.filter((_, i) => codes[i] !== null)
  return {
    center,
    inradius,
    complete,
    crossed: inner.map((facet, i) => crossedFacet(program, region, facet, across[i])),
    codes: packBits(across, region.bits.length),
    sides: facets.filter((_, i) => codes[i] === null).flatMap(boxSide),
  }
}

function crossedFacet(
  program: Program,
  { fromLayer, bits }: RegionOfSpan,
  { bounds, distance }: RegionFacet,
  code: Uint8Array,
): CrossedFacet {
  const [first] = bounds.filter(isUnit)
  const layer = fromLayer + first.layer
  const { unitCount } = program.summary.layers[layer]
  return {
    layer,
    unit: first.index % unitCount,
    position: Math.floor(first.index / unitCount),
    distance,
    bitDistance: code.reduce((differing, bit, i) => differing + (bit === bits[i] ? 0 : 1), 0),
  }
}

function isUnit(bound: Bound): bound is Extract<Bound, { kind: 'UNIT' }> {
  return bound.kind === 'UNIT'
}

function boxSide({ bounds, distance }: RegionFacet): BoxSide[] {
  const sides = bounds.flatMap((bound) => (bound.kind === 'BOX' ? [bound] : []))
  return sides.slice(0, 1).map(({ axis, side }) => ({ axis, side, distance }))
}
