import { permutation, randomBelow } from '../compare/random.ts'
import {
  nonNegativeFactors,
  principalComponents,
  withProducts,
  type Matrix,
  type Products,
} from '../linear/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'
import { LabelCurveBuilder, sitesByActivation } from './labelCurve.ts'
import type { DirectionKind, LabelCurve } from './types.ts'

/** Random orders of the sites behind what chance gives. */
const CHANCE_ORDERS = 32

/** Rows that are multiplied at a time. */
const ROWS_A_PRODUCT = 4096

/** Steps of the whole, for its progress. */
export const PROGRESS_STEPS = 1000

/** Activations of labelled sites, and which directions of their space are wanted. */
export interface DirectionTask {
  /** Sites x dimensions, in shared memory. */
  activations: Matrix
  /** One a site, -1 for none. */
  labels: Int32Array
  /** Principal components, and non-negative factors; at most as many as dimensions. */
  components: number
  /** Of the factors' start and of the orders that chance takes. */
  seed: number
  /** In shared memory: steps done, of {@link PROGRESS_STEPS}. */
  progress: Int32Array
}

/** Directions of an activation space, and what the sites say at which they are greatest. */
export interface MeasuredDirections {
  mean: Float32Array
  /** Components x dimensions, see `PrincipalComponents`. */
  principalComponents: Float32Array
  /** Share of the variance along each component; 0 where there is none. */
  varianceShares: Float64Array
  /** Components x dimensions, see `NonNegativeFactors`. */
  factors: Float32Array
  /** Share of the squared activations that the factors leave unexplained, and the rounds that found them. */
  factorError: number
  factorRounds: number
  /** Labels that occur, ascending, and the mean activation of each: labels x dimensions. */
  classes: Int32Array
  classMeans: Float32Array
  curves: Record<DirectionKind, LabelCurve>
}

/** Finds the directions and follows each down its sites. Runs to its end on the calling thread. */
export function measureDirections(task: DirectionTask, stopped: Stopped): Promise<MeasuredDirections> {
  return withProducts(async (products) => {
    const { activations, labels, components, seed } = task
    const report = (from: number, to: number) => (share: number) =>
      Atomics.store(task.progress, 0, Math.floor((from + share * (to - from)) * PROGRESS_STEPS))
    const unit = curveOf(labels, activations, stopped, report(0, 0.4))
    const found = await principalComponents(activations, components, products, stopped)
    report(0.4, 0.5)(1)
    const { weights, factors, relativeError, rounds } = await nonNegativeFactors(
      activations,
      components,
      seed,
      products,
      { stopped, onRound: report(0.5, 0.9) },
    )
    const along = await projections(activations, found.mean, found.components, products, stopped)
    return {
      mean: Float32Array.from(found.mean),
      principalComponents: found.components,
      varianceShares: found.variances.map((variance) => variance / (found.totalVariance || 1)),
      factors: factors.values,
      factorError: relativeError ** 2,
      factorRounds: rounds,
      ...meansByClass(activations, labels),
      curves: {
        UNIT: unit,
        PRINCIPAL_COMPONENT: curveOf(labels, along, stopped, report(0.9, 0.95)),
        NON_NEGATIVE_FACTOR: curveOf(labels, weights, stopped, report(0.95, 0.98)),
        CHANCE: curveOfChance(labels, seed, stopped, report(0.98, 1)),
      },
    }
  })
}

/** The curve of the columns of a matrix, sites x directions. */
function curveOf(
  labels: Int32Array,
  { values, rows, columns }: Matrix,
  stopped: Stopped,
  report: (share: number) => void,
): LabelCurve {
  const builder = new LabelCurveBuilder(labels)
  const column = new Float32Array(rows)
  for (let direction = 0; direction < columns; direction++) {
    throwIfStopped(stopped)
    for (let row = 0; row < rows; row++) column[row] = values[row * columns + direction]
    builder.add(sitesByActivation(column))
    report((direction + 1) / columns)
  }
  return builder.curve()
}

function curveOfChance(
  labels: Int32Array,
  seed: number,
  stopped: Stopped,
  report: (share: number) => void,
): LabelCurve {
  const builder = new LabelCurveBuilder(labels)
  const below = randomBelow(seed)
  for (let order = 0; order < CHANCE_ORDERS; order++) {
    throwIfStopped(stopped)
    builder.add(permutation(labels.length, below))
    report((order + 1) / CHANCE_ORDERS)
  }
  return builder.curve()
}

/** Sites x twice the components: how far each site lies above the mean along a component, then how far below. */
async function projections(
  activations: Matrix,
  mean: Float64Array,
  components: Float32Array,
  products: Products,
  stopped: Stopped,
): Promise<Matrix> {
  const { rows, columns } = activations
  const count = components.length / columns
  const directions = { values: components, rows: count, columns }
  const offsets = Float64Array.from({ length: count }, (_, i) =>
    mean.reduce((sum, value, column) => sum + value * components[i * columns + column], 0),
  )
  const both = new Float32Array(rows * count * 2)
  for (let from = 0; from < rows; from += ROWS_A_PRODUCT) {
    throwIfStopped(stopped)
    const to = Math.min(rows, from + ROWS_A_PRODUCT)
    // A copy: the runtime takes nothing in shared memory.
    const part = { values: activations.values.slice(from * columns, to * columns), rows: to - from, columns }
    const { values } = await products.float32(part, directions, 'SECOND')
    values.forEach((value, at) => {
      const direction = at % count
      const first = 2 * (from * count + at - direction) + direction
      both[first] = value - offsets[direction]
      both[first + count] = -both[first]
    })
  }
  return { values: both, rows, columns: count * 2 }
}

function meansByClass(
  { values, columns }: Matrix,
  labels: Int32Array,
): Pick<MeasuredDirections, 'classes' | 'classMeans'> {
  const classes = Int32Array.from(new Set(labels.filter((label) => label >= 0))).sort()
  const place = new Map(Array.from(classes, (label, i) => [label, i]))
  const sizes = new Float64Array(classes.length)
  const sums = new Float64Array(classes.length * columns)
  labels.forEach((label, site) => {
    const at = place.get(label)
    if (at === undefined) return
    sizes[at]++
    for (let column = 0; column < columns; column++)
      sums[at * columns + column] += values[site * columns + column]
  })
  return { classes, classMeans: Float32Array.from(sums, (sum, at) => sum / sizes[Math.floor(at / columns)]) }
}
