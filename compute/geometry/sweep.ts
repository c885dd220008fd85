import { AtlasError } from '../errors.ts'
import type { Stopped } from '../stopped.ts'
import { coordinatesOf, statesAt, type Point } from './ends.ts'
import { randomDirections } from './facets/random.ts'
import { lengthOf } from './facets/vectors.ts'
import type { PredictionRun } from './predictions.ts'
import type { Program } from './program.ts'
import { walkSegments, type Crossing } from './segments.ts'

/** A direction from a point, in the space before a layer. */
export type Direction =
  /** The point itself: it is scaled. */
  | { kind: 'SCALE' }
  /** One coordinate, by its index in the space. */
  | { kind: 'COORDINATE'; index: number }
  /** To another point: as long as the way there. */
  | { kind: 'TOWARDS'; point: Point }
  | { kind: 'VALUES'; values: Float64Array }
  /** Any direction, of length 1, equally likely: the same for the same seed. */
  | { kind: 'RANDOM'; seed: number }

/** A line through a point: origin + alpha direction, for alpha between two bounds. */
export interface SweepTask {
  /** It is where alpha is {@link Sweep.base}. */
  at: Point
  along: Direction
  from: number
  to: number
  /** The line runs in the space before this layer. */
  fromLayer: number
  /** The last layer whose boundaries count. */
  toLayer: number
}

/** A bit that changes on a line through a point. */
export interface SweepCrossing extends Omit<Crossing, 't'> {
  alpha: number
  /** Bits in which the code just beyond, seen from the point, differs from the point's. */
  bitsFromBase: number
}

/** Where on a line the code of the point stays the same. */
export interface CodeInterval {
  /** Null where it stays to the end of the line. */
  from: number | null
  to: number | null
  /** What changes at either end; empty where nothing does. */
  below: SweepCrossing[]
  above: SweepCrossing[]
}

/** What a line through a point crosses. */
export interface Sweep {
  /** Where the point is: 1 where it is scaled, else 0. */
  base: number
  /** Length of the direction: that of the line where alpha grows by 1. */
  unitLength: number
  /** Polytopes that the line crosses, its ends included. */
  regionCount: number
  /** By alpha, then layer, position, unit and bit. */
  crossings: SweepCrossing[]
  stays: CodeInterval
  /** Runs of alpha with one predicted label. */
  predictions: PredictionRun[]
}

/**
 * Walks a line through a point exactly, see {@link walkSegments}.
 *
 * @throws AtlasError WRONG_INPUT_SIZE, BAD_ARGUMENT (bounds that do not enclose the point, a coordinate that the space
 *   lacks, a direction of no length)
 */
export async function sweep(program: Program, task: SweepTask, stopped?: Stopped): Promise<Sweep> {
  const { along, from, to, fromLayer, toLayer } = task
  const base = along.kind === 'SCALE' ? 1 : 0
  checkBounds(from, to, base)
  const at = await coordinatesOf(program, task.at, fromLayer)
  const direction = await directionFrom(program, at, along, fromLayer)
  const pointAt = (alpha: number): Point => ({
    space: 'ACTIVATION',
    values: at.map((value, i) => value + (alpha - base) * direction[i]),
  })
  const ends = await statesAt(program, [pointAt(from), pointAt(to)], fromLayer)
  const [walk] = await walkSegments(program, { ends, segments: 1, fromLayer, toLayer }, stopped)
  const alphaAt = (t: number) => from + t * (to - from)
  return {
    base,
    unitLength: lengthOf(direction),
    regionCount: walk.regionCount,
    ...fromBase(walk.crossings, alphaAt, base),
    predictions: walk.predictions.map((run) => ({ ...run, from: alphaAt(run.from), to: alphaAt(run.to) })),
  }
}

function checkBounds(from: number, to: number, base: number): void {
  if (from < to && from <= base && base <= to) return
  throw new AtlasError(
    'BAD_ARGUMENT',
    `There is no sweep from ${from} to ${to}: the point itself is at ${base}, so choose bounds around it, the lower first.`,
  )
}

async function directionFrom(
  program: Program,
  at: Float64Array,
  along: Direction,
  layer: number,
): Promise<Float64Array> {
  const direction = await vectorOf(program, at, along, layer)
  if (direction.some((value) => value !== 0)) return direction
  throw new AtlasError(
    'BAD_ARGUMENT',
    'The direction has no length: choose values that are not all 0, or another point to go to; a point that is 0 ' +
      'cannot be scaled.',
  )
}

async function vectorOf(
  program: Program,
  at: Float64Array,
  along: Direction,
  layer: number,
): Promise<Float64Array> {
  switch (along.kind) {
    case 'SCALE':
      return at
    case 'TOWARDS': {
      const end = await coordinatesOf(program, along.point, layer)
      return end.map((value, i) => value - at[i])
    }
    case 'VALUES':
      return coordinatesOf(program, { space: 'ACTIVATION', values: along.values }, layer)
    case 'RANDOM':
      return randomDirections(at.length, along.seed)()
    case 'COORDINATE':
      return at.map((_, i) => Number(i === checkCoordinate(along.index, at.length)))
  }
}

function checkCoordinate(index: number, dimension: number): number {
  if (Number.isInteger(index) && index >= 0 && index < dimension) return index
  throw new AtlasError(
    'BAD_ARGUMENT',
    `There is no coordinate ${index}: the space before this layer has the coordinates 0 to ${dimension - 1}.`,
  )
}

/** The crossings by alpha, counted from the point outwards, and those nearest to it. */
function fromBase(
  crossings: readonly Crossing[],
  alphaAt: (t: number) => number,
  base: number,
): Pick<Sweep, 'crossings' | 'stays'> {
  const placed = crossings.map(({ t, ...crossing }) => ({ ...crossing, alpha: alphaAt(t), bitsFromBase: 0 }))
  // A bit is off on its threshold: a point on a boundary has the code of the side where the bit is off.
  const isBeyond = ({ alpha, turnsOn }: SweepCrossing) => alpha > base || (alpha === base && turnsOn)
  const above = placed.filter(isBeyond)
  const below = placed.filter((crossing) => !isBeyond(crossing)).reverse()
  countOutwards(above)
  countOutwards(below)
  return {
    crossings: placed,
    stays: {
      from: below.at(0)?.alpha ?? null,
      to: above.at(0)?.alpha ?? null,
      below: below.filter(({ alpha }) => alpha === below[0].alpha).reverse(),
      above: above.filter(({ alpha }) => alpha === above[0].alpha),
    },
  }
}

/**
 * Notes how many bits differ from the point's code once all crossings at a place have changed theirs.
 * @param crossings by their distance from the point
 */
function countOutwards(crossings: readonly SweepCrossing[]): void {
  const differing = new Set<string>()
  for (let first = 0; first < crossings.length;) {
    let last = first
    for (; last < crossings.length && crossings[last].alpha === crossings[first].alpha; last++) {
      const { layer, position, unit, bit } = crossings[last]
      const key = `${layer}/${position}/${unit}/${bit}`
      if (!differing.delete(key)) differing.add(key)
    }
    for (; first < last; first++) crossings[first].bitsFromBase = differing.size
  }
}
