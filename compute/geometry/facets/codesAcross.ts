import { statesAt } from '../ends.ts'
import type { LocalMap, RegionOfSpan } from '../localMap.ts'
import { keptWith, type Program } from '../program.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../../stopped.ts'
import { TOUCH } from './rays.ts'
import type { RegionFacet } from './regionFacets.ts'
import { unitRows, type UnitRow, type UnitRows } from './unitRows.ts'
import { lengthOf, product } from './vectors.ts'

/** Facets whose normals go through the network at once: bounds memory. */
const FACETS_A_RUN = 256
/** Pre-activations this much smaller than their layer's greatest at the base point are zero to rounding. */
const ZERO = 1e-12

/**
 * The codes of the regions across the facets of a region; null across a side of the box, where no region is asked for.
 *
 * Beyond a generic facet one unit's bit differs. Where several units have the same boundary (duplicates, negatives,
 * deeper units that read the one that switches, or units that were dead until it does), each is evaluated: the facet's
 * normal goes through the network, layer after layer, by the code across as far as it is known; whether a unit that is
 * zero on the face grows along the normal is its bit there. That is the network at a step across which is smaller than
 * anything else allows, without the step's rounding.
 *
 * @param map of the region, see `localMap`
 * @param facets of the region, see `regionFacets`
 * @returns one code a facet, with one entry a bit
 */
export async function codesAcross(
  program: Program,
  region: RegionOfSpan,
  map: LocalMap,
  facets: readonly RegionFacet[],
  stopped: Stopped = neverStopped,
): Promise<(Uint8Array | null)[]> {
  const { rows, zero } = unitRows(map)
  const span = { program, region, rows, zero, scales: scalesOf(rows), dimension: map.dimension }
  const dead = deadUnits(span)
  const crossed = facets.filter(({ bounds }) => bounds.every(({ kind }) => kind === 'UNIT'))
  const codes = new Map<RegionFacet, Uint8Array>()
  for (let from = 0; from < crossed.length; from += FACETS_A_RUN) {
    const faces = crossed.slice(from, from + FACETS_A_RUN).map((facet): Face => {
      const step = facet.point.map((value, j) => value - map.base[j])
      return {
        facet,
        step,
        open: new Set([...unitsOn(facet, step, span), ...dead]),
        code: region.bits.slice(),
      }
    })
    // Where nothing but the facet's own unit may change, it does: no need to ask the network.
    const generic = faces.filter(({ open }) => open.size === 1)
    for (const { open, code } of generic) for (const bit of open) code[bit] = 1 - code[bit]
    const degenerate = faces.filter(({ open }) => open.size > 1)
    if (degenerate.length > 0) await cross(span, degenerate, stopped)
    for (const { facet, code } of faces) codes.set(facet, code)
  }
  return facets.map((facet) => codes.get(facet) ?? null)
}

/** A region's span, with its units. */
interface Span extends UnitRows {
  program: Program
  region: RegionOfSpan
  /** Of the space where the span begins. */
  dimension: number
  /** Greatest size of a pre-activation of each layer at the base point. */
  scales: number[]
}

/** A facet that is crossed. */
interface Face {
  facet: RegionFacet
  /** From the base point to the facet's. */
  step: Float64Array
  /** Bits that the crossing may change. */
  open: ReadonlySet<number>
  /** The code across, as far as it is known. */
  code: Uint8Array
}

function scalesOf(rows: readonly UnitRow[]): number[] {
  const scales: number[] = []
  for (const { layer, atBase } of rows) scales[layer] = Math.max(scales[layer] ?? 0, Math.abs(atBase))
  return scales
}

/** Bits of the units that are zero in all of the region: they may switch on across any face. */
function deadUnits({ rows, zero, scales }: Span): number[] {
  const isDead = ({ layer, length, atBase }: UnitRow) =>
    length <= zero && Math.abs(atBase) <= ZERO * scales[layer]
  return [...rows.keys()].filter((bit) => isDead(rows[bit]))
}

/** Bits of the units whose boundary a face lies on, those included that are the same as its own to rounding. */
function unitsOn({ bounds, margin }: RegionFacet, step: Float64Array, { rows, zero }: Span): number[] {
  const own = bounds.flatMap((bound) => (bound.kind === 'UNIT' ? [bound.bit] : []))
  const touch = TOUCH * lengthOf(step)
  if (margin > touch) return own
  const isOn = (row: UnitRow) => row.length > zero && Math.abs(valueAt(row, step)) <= touch * row.length
  return [...own, ...[...rows.keys()].filter((bit) => isOn(rows[bit]))]
}

function valueAt({ normal, atBase }: UnitRow, step: Float64Array): number {
  return product(normal, 0, step) + atBase
}

/** Carries the normals of some faces through the span and completes their codes; the row of zeros gives the bias. */
async function cross(span: Span, faces: readonly Face[], stopped: Stopped): Promise<void> {
  const { program, region } = span
  const { fromLayer, toLayer } = region
  const normals = [new Float64Array(span.dimension), ...faces.map(({ facet }) => facet.normal)]
  const space = fromLayer === 0 ? 'INPUT' : 'ACTIVATION'
  let states = await statesAt(
    program,
    normals.map((values) => ({ space, values })),
    fromLayer,
  )
  let first = 0
  for (let layer = fromLayer; layer <= toLayer; layer++) {
    throwIfStopped(stopped)
    const { size } = program.parts[layer]
    const images = await program.parts[layer].run(states, normals.length)
    faces.forEach((face, i) => {
      const slopes = images.subarray((i + 1) * size, (i + 2) * size)
      for (let index = 0; index < size; index++) slopes[index] -= images[index]
      decide(span, face, slopes, first)
      const { negativeSlope } = program.gates[layer]
      for (let index = 0; index < size; index++)
        if (face.code[first + index] === 0) slopes[index] *= negativeSlope
    })
    images.fill(0, 0, size)
    first += size
    if (layer < toLayer) states = keptWith(program, states, layer, images)
  }
}

/**
 * Decides a layer's open bits by how its units grow along the normal. One that is constant across has there the value
 * that it has on the face; one that was zero before as well stays what rounding made of it.
 *
 * @param first bit of the layer
 */
function decide({ rows, zero, scales }: Span, face: Face, slopes: Float64Array, first: number): void {
  for (const bit of face.open) {
    const slope = slopes.at(bit - first)
    if (bit < first || slope === undefined) continue
    const row = rows[bit]
    if (Math.abs(slope) > zero) face.code[bit] = slope > 0 ? 1 : 0
    else if (row.length > zero) face.code[bit] = valueAt(row, face.step) > ZERO * scales[row.layer] ? 1 : 0
  }
}
