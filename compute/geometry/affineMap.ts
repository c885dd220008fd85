import { neverStopped, type Stopped } from '../stopped.ts'
import { localMap, type RegionOfSpan } from './localMap.ts'
import type { Program, States } from './program.ts'
import { rankOf, singularValues } from './singularValues.ts'

/** The affine map of a region: output = A x + b for every x of the space where its span begins. */
export interface AffineMap {
  /** Outputs: the scores where the span ends with the network's last layer, else that layer's units. */
  rows: number
  /** Dimension of the space where the span begins. */
  columns: number
  /** A: rows x columns. */
  matrix: Float64Array
  /** b: one a row. */
  bias: Float64Array
  /** Of A, descending: min(rows, columns). */
  singularValues: Float64Array
  /** Singular values above rounding. */
  rank: number
}

/**
 * The affine map of a region and what its matrix is like.
 * @param at the states before the span at a point, in the region or near it: rounding is least there
 * @throws AtlasError TOO_LARGE, see {@link localMap}
 */
export async function affineMapOf(
  program: Program,
  region: RegionOfSpan,
  at: States,
  stopped: Stopped = neverStopped,
): Promise<AffineMap> {
  const { dimension: columns, base, output } = await localMap(program, region, at, stopped)
  const { matrix, value } = output
  const rows = value.length
  const bias = value.map((start, row) => {
    let image = 0
    for (let i = 0; i < columns; i++) image += matrix[row * columns + i] * base[i]
    return start - image
  })
  const values = singularValues(matrix, rows, columns, stopped)
  return { rows, columns, matrix, bias, singularValues: values, rank: rankOf(values, rows, columns) }
}
