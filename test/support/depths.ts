import { createRequire } from 'node:module'
import type highsLoader from 'highs'

// Its types declare what `require` answers, not what `import` does.
const loadHighs: typeof highsLoader.default = createRequire(import.meta.url)('highs')
const highs = await loadHighs()

/** {y : A y <= b}, with the rows of A of length 1. */
interface Rows {
  rows: number
  dimension: number
  normals: Float64Array
  offsets: Float64Array
}

/** A model that HiGHS keeps, with warm starts from one linear program to the next. */
function withRows<T>(
  { rows, dimension, normals, offsets }: Rows,
  solve: (maximum: (cost: Float64Array) => number, setOffset: (row: number, value: number) => void) => T,
): T {
  const infinite = new Float64Array(Math.max(rows, dimension)).fill(Infinity)
  const model = highs.createModel({
    numCols: dimension,
    numRows: rows,
    sense: highs.constants.objectiveSense.maximize,
    colCost: new Float64Array(dimension),
    colLower: infinite.slice(0, dimension).map((value) => -value),
    colUpper: infinite.slice(0, dimension),
    rowLower: infinite.slice(0, rows).map((value) => -value),
    rowUpper: offsets,
    matrix: {
      format: 'csr',
      numRows: rows,
      numCols: dimension,
      starts: Int32Array.from({ length: rows + 1 }, (_, row) => row * dimension),
      indices: Int32Array.from({ length: rows * dimension }, (_, at) => at % dimension),
      values: normals,
    },
  })
  try {
    const tolerances = { primal_feasibility_tolerance: 1e-10, dual_feasibility_tolerance: 1e-10 }
    model.options.set({ output_flag: false, presolve: 'off', ...tolerances })
    const { optimal, infeasible } = highs.constants.modelStatus
    const maximum = (cost: Float64Array) => {
      model.changeColsCost({ kind: 'range', from: 0, to: dimension - 1 }, cost)
      model.run()
      if (model.getModelStatus() !== optimal) {
        // A warm start may end with a wrong status.
        model.clearSolver()
        model.run()
      }
      const status = model.getModelStatus()
      if (status === optimal) return model.getObjectiveValue()
      return status === infeasible ? -Infinity : Infinity
    }
    return solve(maximum, (row, value) => model.changeRowBounds(row, -Infinity, value))
  } finally {
    model.dispose()
  }
}

/**
 * How deep points without a row reach beyond it, at most `most`, by HiGHS: above 0 for a facet, 0 for one that only
 * touches, below for one that is farther away. The polytope must have an inside.
 */
export function depthsByHighs(polytope: Rows, most: number): Float64Array {
  const { dimension, normals, offsets } = polytope
  return withRows(polytope, (maximum, setOffset) =>
    offsets.map((offset, row) => {
      setOffset(row, offset + most)
      const reached = maximum(normals.subarray(row * dimension, (row + 1) * dimension))
      setOffset(row, offset)
      return reached - offset
    }),
  )
}

/** The greatest radius of a ball inside, by HiGHS; -Infinity where none fits, Infinity where all do. */
export function inradiusByHighs({ rows, dimension, normals, offsets }: Rows): number {
  const width = dimension + 1
  const lifted = new Float64Array((rows + 1) * width)
  for (let row = 0; row < rows; row++) {
    lifted.set(normals.subarray(row * dimension, (row + 1) * dimension), row * width)
    lifted[row * width + dimension] = 1
  }
  // The radius is 0 or more.
  lifted[rows * width + dimension] = -1
  const cost = new Float64Array(width)
  cost[dimension] = 1
  const widened = {
    rows: rows + 1,
    dimension: width,
    normals: lifted,
    offsets: Float64Array.of(...offsets, 0),
  }
  return withRows(widened, (maximum) => maximum(cost))
}
