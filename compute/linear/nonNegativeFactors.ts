import { randomWords } from '../compare/random.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import type { Matrix } from './matrix.ts'
import type { Products } from './products.ts'

/** Rounds of updates at most. */
const MAX_ROUNDS = 200

/** Rounds after which the error is looked at. */
const LOOK = 10

/** It ends where the error falls by less than this share of itself between two looks. */
const LEAST_GAIN = 1e-3

/** Keeps divisors from 0. */
const TINY = 1e-12

/** A matrix without negative entries as a product of two such: rows x count by count x columns. */
export interface NonNegativeFactors {
  /** Rows x count: how much of each factor is in a row. */
  weights: Matrix
  /** Count x columns: of length 1, by falling length of their column of weights. */
  factors: Matrix
  /** ||X - W F|| / ||X||; 0 where X is 0. */
  relativeError: number
  rounds: number
}

/**
 * Non-negative factors by multiplicative updates of the squared error (Lee and Seung, "Algorithms for non-negative
 * matrix factorization", 2001), from a random start: a local optimum, the same for the same seed. Entries below 0 count
 * as 0.
 */
export async function nonNegativeFactors(
  matrix: Matrix,
  count: number,
  seed: number,
  products: Products,
  { stopped = neverStopped, onRound }: { stopped?: Stopped; onRound?: (share: number) => void } = {},
): Promise<NonNegativeFactors> {
  const x = { ...matrix, values: matrix.values.map((value) => Math.max(0, value)) }
  const { weights: w, factors: h } = startFrom(x, count, seed)
  const square = x.values.reduce((sum, value) => sum + value * value, 0)
  let error = Infinity
  let rounds = 0
  while (rounds < MAX_ROUNDS) {
    throwIfStopped(stopped)
    scaleBy(
      w,
      await products.float32(x, h, 'SECOND'),
      await products.float32(w, await products.float32(h, h, 'SECOND')),
    )
    const wx = await products.float32(w, x, 'FIRST')
    const ww = await products.float32(w, w, 'FIRST')
    scaleBy(h, wx, await products.float32(ww, h))
    rounds++
    onRound?.(rounds / MAX_ROUNDS)
    if (rounds % LOOK > 0) continue
    const last = error
    error = await errorOf(square, wx, ww, h, products)
    if (last - error < LEAST_GAIN * last) break
  }
  normalize(w, h)
  return { ...byWeight(w, h), relativeError: square === 0 ? 0 : error, rounds }
}

/** Uniform entries of such a size that the product has the mean of the matrix. */
function startFrom({ values, rows, columns }: Matrix, count: number, seed: number) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const next = randomWords(seed)
  const most = 2 * Math.sqrt(mean / count)
  const fill = (length: number) => Float32Array.from({ length }, () => (most * (next() + 1)) / 2 ** 32)
  return {
    weights: { values: fill(rows * count), rows, columns: count },
    factors: { values: fill(count * columns), rows: count, columns },
  }
}

/** target *= numerator / denominator, entry by entry. */
function scaleBy({ values }: Matrix, { values: above }: Matrix, { values: below }: Matrix): void {
  for (let i = 0; i < values.length; i++) values[i] *= above[i] / (below[i] + TINY)
}

/** ||X - W H|| / ||X||, from ||X||^2 - 2 <W'X, H> + <W'W H, H>. */
async function errorOf(
  square: number,
  wx: Matrix,
  ww: Matrix,
  h: Matrix,
  products: Products,
): Promise<number> {
  const { values: wwh } = await products.float32(ww, h)
  const rest = h.values.reduce((sum, value, i) => sum + value * (wwh[i] - 2 * wx.values[i]), square)
  return square === 0 ? 0 : Math.sqrt(Math.max(0, rest) / square)
}

/** Gives every factor length 1 and its weights what it had. */
function normalize(w: Matrix, h: Matrix): void {
  for (let factor = 0; factor < h.rows; factor++) {
    const row = h.values.subarray(factor * h.columns, (factor + 1) * h.columns)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (length === 0) continue
    for (let i = 0; i < row.length; i++) row[i] /= length
    for (let at = factor; at < w.values.length; at += w.columns) w.values[at] *= length
  }
}

/** The factors with the greatest weights first. */
function byWeight(w: Matrix, h: Matrix): Pick<NonNegativeFactors, 'weights' | 'factors'> {
  const squares = new Float64Array(w.columns)
  w.values.forEach((value, i) => (squares[i % w.columns] += value * value))
  const order = [...squares.keys()].sort((a, b) => squares[b] - squares[a])
  return {
    weights: {
      ...w,
      values: w.values.map((_, i) => w.values[i - (i % w.columns) + order[i % w.columns]]),
    },
    factors: {
      ...h,
      values: h.values.map(
        (_, i) => h.values[order[Math.floor(i / h.columns)] * h.columns + (i % h.columns)],
      ),
    },
  }
}
