import { AtlasError } from '../../errors.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../../stopped.ts'
import { statesAt } from '../ends.ts'
import { writeWinner } from '../gates/index.ts'
import type { LocalMap, RegionOfSpan } from '../localMap.ts'
import { keptWith, type Program } from '../program.ts'
import { boundaries, zeroLength, type Boundary } from './boundaries.ts'
import { leaderAcross, stepAcross, type OnFace } from './pieceAcross.ts'
import { TOUCH } from './rays.ts'
import type { RegionFacet } from './regionFacets.ts'
import { lengthOf, product } from './vectors.ts'

/** Facets whose normals go through the network at once: bounds memory. */
const FACETS_A_RUN = 256
/** Guards this much smaller than their layer's greatest at the base point are zero to rounding. */
const ZERO = 1e-12

/**
 * The codes of the regions across the facets of a region; null across a side of the box, where no region is asked for.
 *
 * Beyond a generic facet one unit's piece differs. Where several units have the same boundary (duplicates, negatives,
 * deeper units that read the one that switches, or units that were dead until it does), each is evaluated: the facet's
 * normal goes through the network, layer after layer, by the code across as far as it is known; how a unit's guards
 * grow along the normal from what they are on the face says its piece. That is the network at a step across which is
 * smaller than anything else allows, without the step's rounding.
 *
 * @param map of the region, see `localMap`
 * @param facets of the region, see `regionFacets`
 * @returns one code a facet, with one entry a bit
 * @throws AtlasError NOT_CONTINUOUS where a gate inside of the span jumps: beyond one face may lie several regions
 */
export async function codesAcross(
  program: Program,
  region: RegionOfSpan,
  map: LocalMap,
  facets: readonly RegionFacet[],
  stopped: Stopped = neverStopped,
): Promise<(Uint8Array | null)[]> {
  refuseJumps(program, region)
  const span = spanOf(program, region, map)
  const crossed = facets.filter(({ bounds }) => bounds.every(({ kind }) => kind === 'UNIT'))
  const codes = new Map<RegionFacet, Uint8Array>()
  for (let from = 0; from < crossed.length; from += FACETS_A_RUN) {
    const faces = crossed.slice(from, from + FACETS_A_RUN).map((facet) => faceOf(facet, span))
    // Where nothing but the facet's own unit may change, it does: no need to ask the network.
    const degenerate = faces.filter((face) => !flipGeneric(face))
    if (degenerate.length > 0) await cross(span, degenerate, stopped)
    for (const { facet, code } of faces) codes.set(facet, code)
  }
  return facets.map((facet) => codes.get(facet) ?? null)
}

function refuseJumps({ gates, summary }: Program, { fromLayer, toLayer }: RegionOfSpan): void {
  // The jump of the last layer changes nothing that has a bit.
  const layer = gates.findIndex((gate, i) => i >= fromLayer && i < toLayer && !gate.continuous)
  if (layer < 0) return
  throw new AtlasError(
    'NOT_CONTINUOUS',
    `The output of layer ${layer} (${summary.layers[layer].operator}) jumps at its boundary, so that several regions may ` +
      'lie across one face: choose a span of layers that ends with it, or before.',
  )
}

/** A region's span, with all that bounds it. */
interface Span {
  program: Program
  region: RegionOfSpan
  map: LocalMap
  boundaries: readonly Boundary[]
  /** Coefficients up to this length are zero to rounding. */
  zero: number
  /** Per layer of the span: its first bit. */
  firstBits: number[]
  /** Per layer of the span: a guard at the base point up to this is zero to rounding. */
  rounding: number[]
  /** Units whose piece hangs on nothing but rounding, by their first bits: they may change across any face. */
  dead: readonly number[]
}

function spanOf(program: Program, region: RegionOfSpan, map: LocalMap): Span {
  const found = boundaries(map, region.bits)
  const zero = zeroLength(found)
  const firstBits = [0]
  for (const { bitCount } of program.gates.slice(region.fromLayer, region.toLayer + 1))
    firstBits.push(firstBits[firstBits.length - 1] + bitCount)
  const rounding = map.guards.map(
    ({ value }) => ZERO * value.reduce((most, guard) => Math.max(most, Math.abs(guard)), 0),
  )
  const span = { program, region, map, boundaries: found, zero, firstBits, rounding, dead: [] }
  const isDead = ({ bound, length, atBase }: Boundary) =>
    length <= zero && Math.abs(atBase) <= rounding[bound.layer]
  return { ...span, dead: found.filter(isDead).map(({ bound }) => unitBit(span, bound)) }
}

/** The first bit of a unit. */
function unitBit({ firstBits, map }: Span, { layer, index }: Boundary['bound']): number {
  return firstBits[layer] + index * map.guards[layer].bitsPerUnit
}

/** A facet that is crossed. */
interface Face {
  facet: RegionFacet
  /** From the base point to the facet's. */
  step: Float64Array
  /** Units whose pieces the crossing may change, by their first bits. */
  open: ReadonlySet<number>
  /** The code across, as far as it is known. */
  code: Uint8Array
}

function faceOf(facet: RegionFacet, span: Span): Face {
  const step = facet.point.map((value, j) => value - span.map.base[j])
  const open = new Set([...unitsOn(facet, step, span), ...span.dead])
  return { facet, step, open, code: span.region.bits.slice() }
}

/** Units whose boundary a face lies on, those included that are the same as its own to rounding. */
function unitsOn({ bounds, margin }: RegionFacet, step: Float64Array, span: Span): number[] {
  const own = bounds.flatMap((bound) => (bound.kind === 'UNIT' ? [unitBit(span, bound)] : []))
  const touch = TOUCH * lengthOf(step)
  if (margin > touch) return own
  const isOn = ({ normal, length, atBase }: Boundary) =>
    length > span.zero && Math.abs(product(normal, 0, step) + atBase) <= touch * length
  return [...own, ...span.boundaries.filter(isOn).map(({ bound }) => unitBit(span, bound))]
}

/** Flips the bits of the only unit that can change; answers whether it is that simple. */
function flipGeneric({ facet, open, code }: Face): boolean {
  const [bound] = facet.bounds
  if (open.size > 1 || bound.kind !== 'UNIT') return false
  for (const bit of bound.bits) code[bit] = 1 - code[bit]
  return true
}

/** Carries the normals of some faces through the span and completes their codes; the row of zeros gives the bias. */
async function cross(span: Span, faces: readonly Face[], stopped: Stopped): Promise<void> {
  const { program, region, map } = span
  const { fromLayer, toLayer } = region
  const normals = [new Float64Array(map.dimension), ...faces.map(({ facet }) => facet.normal)]
  const space = fromLayer === 0 ? 'INPUT' : 'ACTIVATION'
  let states = await statesAt(
    program,
    normals.map((values) => ({ space, values })),
    fromLayer,
  )
  for (let layer = fromLayer; layer <= toLayer; layer++) {
    throwIfStopped(stopped)
    const { size } = program.parts[layer]
    const gate = program.gates[layer]
    const images = await program.parts[layer].run(states, normals.length)
    const passed = new Float64Array(normals.length * gate.outputSize)
    faces.forEach((face, i) => {
      const slopes = images.slice((i + 1) * size, (i + 2) * size)
      for (let index = 0; index < size; index++) slopes[index] -= images[index]
      const place = layer - fromLayer
      decide(span, face, place, gate.guardFunction({ matrix: slopes, value: new Float64Array(size) }).matrix)
      const bits = face.code.subarray(span.firstBits[place], span.firstBits[place + 1])
      // The first row is that of a point, which gets the offset; the second is that of the direction.
      const both = new Float64Array(2 * size)
      both.set(slopes, size)
      passed.set(gate.applyPiece(both, bits).subarray(gate.outputSize), (i + 1) * gate.outputSize)
    })
    if (layer < toLayer) states = keptWith(program, states, layer, passed)
  }
}

/**
 * Decides the pieces of a layer's open units.
 * @param layer of the span, from 0
 * @param slopes of its guards along the face's normal, across
 */
function decide(
  { map, zero, firstBits, rounding }: Span,
  face: Face,
  layer: number,
  slopes: Float64Array,
): void {
  const { matrix, value, bitsPerUnit, windows } = map.guards[layer]
  const first = firstBits[layer]
  const touch = TOUCH * lengthOf(face.step)
  const guard = (place: number): OnFace => {
    const normal = matrix.subarray(place * map.dimension, (place + 1) * map.dimension)
    const length = lengthOf(normal)
    const rounds = touch * length + rounding[layer]
    return { length, value: product(normal, 0, face.step) + value[place], rounds, slope: slopes[place] }
  }
  for (const bit of face.open) {
    if (bit < first || bit >= firstBits[layer + 1]) continue
    const index = (bit - first) / bitsPerUnit
    if (windows) {
      writeWinner(face.code, bit, bitsPerUnit, leaderAcross(windows, index, guard, zero))
      continue
    }
    for (let i = 0; i < bitsPerUnit; i++)
      face.code[bit + i] = stepAcross(guard(bit - first + i), face.code[bit + i], zero, rounding[layer])
  }
}
