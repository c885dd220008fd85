import { describe, expect, it } from 'vitest'
import { facetsOf, type Polytope, type PolytopeFacets } from '#atlas/compute/geometry/facets/index.js'
import { placeRows } from '#atlas/compute/geometry/facets/placed.js'
import { shoot } from '#atlas/compute/geometry/facets/rays.js'
import { workspace } from '#atlas/compute/kernels/index.js'

/** A polytope from rows of any length and their bounds. */
function polytope(rows: readonly (readonly number[])[], bounds: readonly number[]): Polytope {
  const lengths = rows.map((row) => Math.hypot(...row))
  return {
    rows: rows.length,
    dimension: rows[0].length,
    normals: Float64Array.from(rows.flatMap((row, i) => row.map((value) => value / lengths[i]))),
    offsets: Float64Array.from(bounds, (bound, i) => bound / lengths[i]),
  }
}

function found(result: ReturnType<typeof facetsOf>): PolytopeFacets {
  if (result.kind !== 'FACETS') throw new Error(`no facets: ${result.kind}`)
  return result
}

function axis(dimension: number, j: number, value: number): number[] {
  return Array.from({ length: dimension }, (_, i) => (i === j ? value : 0))
}

/** Rows and bounds of |y_j| <= 1. */
function cube(dimension: number): [number[][], number[]] {
  const rows = Array.from({ length: 2 * dimension }, (_, i) => axis(dimension, i >> 1, i % 2 === 0 ? 1 : -1))
  return [rows, rows.map(() => 1)]
}

/** Each point lies on its hyperplane, and `margin` inside of the nearest other. */
function checkPoints({ rows, dimension, normals, offsets }: Polytope, { facets }: PolytopeFacets): void {
  for (const { row, point, margin, distance } of facets) {
    expect(distance).toBe(offsets[row])
    const scale = 1 + Math.hypot(...point)
    let nearest = Infinity
    for (let i = 0; i < rows; i++) {
      let slack = offsets[i]
      for (let j = 0; j < dimension; j++) slack -= normals[i * dimension + j] * point[j]
      if (i === row) expect(Math.abs(slack)).toBeLessThan(1e-12 * scale)
      else nearest = Math.min(nearest, slack)
    }
    expect(margin).toBeGreaterThan(0)
    if (nearest < Infinity) expect(Math.abs(margin - nearest)).toBeLessThan(1e-11 * scale)
    else expect(margin).toBe(Infinity)
  }
}

const rowsOf = ({ facets }: PolytopeFacets) => facets.map(({ row }) => row)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('facets of polytopes known by heart', () => {
  it.each([1, 2, 3, 5, 9, 24])('a cube has 2 D = 2 x %i, its centre the cube’s', (dimension) => {
    const shape = polytope(...cube(dimension))
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual(upTo(2 * dimension))
    expect(result).toMatchObject({ complete: true })
    expect(result.inradius).toBeCloseTo(1, 12)
    result.center?.forEach((value) => expect(value).toBeCloseTo(0, 12))
    checkPoints(shape, result)
    for (const { margin } of result.facets) expect(margin).toBeGreaterThan(0.9)
  })

  it.each([2, 3, 6, 20])('a simplex has D + 1, D = %i, from a corner where D of them meet', (dimension) => {
    const rows = [...upTo(dimension).map((j) => axis(dimension, j, -1)), axis(dimension, 0, 0).fill(1)]
    const shape = polytope(rows, [...upTo(dimension).map(() => 0), 1])
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual(upTo(dimension + 1))
    // Volume over surface, times D: 1 / (D + sqrt D).
    expect(result.inradius).toBeCloseTo(1 / (dimension + Math.sqrt(dimension)), 12)
    checkPoints(shape, result)
  })

  it.each([2, 3, 5, 8])('a cross-polytope has 2^D, D = %i, many at each vertex', (dimension) => {
    const rows = upTo(2 ** dimension).map((mask) => upTo(dimension).map((j) => ((mask >> j) & 1 ? 1 : -1)))
    const shape = polytope(
      rows,
      rows.map(() => 1),
    )
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual(upTo(2 ** dimension))
    expect(result.inradius).toBeCloseTo(1 / Math.sqrt(dimension), 12)
    checkPoints(shape, result)
  })

  it('a cone over a 40-gon has 40, all through one point', () => {
    const rows = upTo(40).map((i) => [Math.cos((i * Math.PI) / 20), Math.sin((i * Math.PI) / 20), -1])
    const shape = polytope(
      rows,
      rows.map(() => 0),
    )
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual(upTo(40))
    expect(result).toMatchObject({ center: null, inradius: Infinity, complete: true })
    checkPoints(shape, result)
  })

  it('a permutohedron has 2^D - 2 in D - 1 of D dimensions', () => {
    // Sums over each proper subset of 5 coordinates are at most those of its greatest values among 1…5.
    const rows: number[][] = []
    const bounds: number[] = []
    for (let mask = 1; mask < 31; mask++) {
      const subset = upTo(5).map((j) => (mask >> j) & 1)
      const size = subset.reduce((x, y) => x + y)
      const mean = size / 5
      // Relative to the centre (3, …, 3), and within the plane of equal sums.
      rows.push(subset.map((value) => value - mean))
      bounds.push(upTo(size).reduce((sum, i) => sum + (5 - i), 0) - 3 * size)
    }
    const shape = polytope(rows, bounds)
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual(upTo(30))
    result.facets.forEach(({ point }) => expect(point.reduce((x, y) => x + y)).toBeCloseTo(0, 12))
    checkPoints(shape, result)
  })
})

describe('facets of odd polytopes', () => {
  it('leaves out rows that only touch a vertex or an edge, and those beyond', () => {
    const [rows, bounds] = cube(3)
    const touching = polytope([...rows, [1, 1, 1], [1, 1, 0], [1, 2, 3]], [...bounds, 3, 2, 7])
    expect(rowsOf(found(facetsOf(touching)))).toEqual(upTo(6))
    const cutting = polytope([...rows, [1, 1, 1], [1, 1, 0], [1, 2, 3]], [...bounds, 3 - 2e-6, 2 - 1e-6, 7])
    const result = found(facetsOf(cutting))
    expect(rowsOf(result)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    checkPoints(cutting, result)
  })

  it('have margins to redundant rows close behind them as well', () => {
    const [rows, bounds] = cube(3)
    const shape = polytope([...rows, [1, 1e-3, 0]], [...bounds, 1 + 1.5e-3])
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual(upTo(6))
    expect(result.facets[0].margin).toBeLessThan(2.6e-3)
    checkPoints(shape, result)
  })

  it('are certain where a ray meets one row first, not where it meets several at once', () => {
    workspace.open(100, 5)
    const placed = (...shape: Parameters<typeof polytope>) =>
      placeRows(polytope(...shape), upTo(shape[0].length))
    const [rows, bounds] = cube(2)
    const shape = placed([...rows, [1, 1]], [...bounds, 2])
    expect(shoot(shape, Float64Array.of(1, 0.5))).toEqual({ row: 0, length: 1, clear: true })
    expect(shoot(shape, Float64Array.of(-0.25, 0.5))).toEqual({ row: 2, length: 2, clear: true })
    expect(shoot(shape, Float64Array.of(1, 1))).toMatchObject({ length: 1, clear: false })
    expect(shoot(placed([[1, 0]], [1]), Float64Array.of(-1, 5))).toBeUndefined()
  })

  it('counts one of rows that are the same', () => {
    const [rows, bounds] = cube(4)
    const twice = polytope([...rows, ...rows], [...bounds, ...bounds])
    const hyperplanes = rowsOf(found(facetsOf(twice))).map((row) => row % 8)
    expect(hyperplanes.sort((x, y) => x - y)).toEqual(upTo(8))
  })

  it('of fewer rows than dimensions are all rows, where these are independent', () => {
    const shape = polytope(
      [
        [1, 2, 0, 0, 1],
        [0, 1, 0, -3, 1],
        [2, 0, 0, 1, 1],
      ],
      [1, -2, 0],
    )
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual([0, 1, 2])
    expect(result).toMatchObject({ center: null, inradius: Infinity, complete: true })
    checkPoints(shape, result)
  })

  it('of a prism without ends: a triangle that goes on for ever in two of four dimensions', () => {
    const shape = polytope(
      [
        [-1, 0, 0, 0],
        [0, -1, 0, 0],
        [1, 1, 0, 0],
        [1, 2, 0, 0],
      ],
      [0, 0, 1, 9],
    )
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual([0, 1, 2])
    expect(result.inradius).toBeCloseTo(1 / (2 + Math.SQRT2), 12)
    checkPoints(shape, result)
  })

  it('of one half-space, of a slab, and of the whole space', () => {
    const half = found(facetsOf(polytope([[3, 4]], [-10])))
    expect(half.facets).toHaveLength(1)
    expect(half.facets[0]).toMatchObject({ row: 0, distance: -2, margin: Infinity })
    const both = [
      [3, 4],
      [-3, -4],
    ]
    const slab = found(facetsOf(polytope(both, [5, 5])))
    expect(rowsOf(slab)).toEqual([0, 1])
    expect(slab.inradius).toBeCloseTo(1, 12)
    const none = { rows: 0, dimension: 2, normals: new Float64Array(0), offsets: new Float64Array(0) }
    expect(found(facetsOf(none))).toMatchObject({
      facets: [],
      center: null,
      inradius: Infinity,
      complete: true,
    })
  })

  it('with the origin outside or on a face', () => {
    for (const shift of [1, -1, 5, -40]) {
      const [rows] = cube(3)
      const moved = polytope(
        rows,
        rows.map((row) => 1 + shift * row[0] + 2 * shift * row[1]),
      )
      const result = found(facetsOf(moved))
      expect(rowsOf(result)).toEqual(upTo(6))
      expect(result.center?.[0]).toBeCloseTo(shift, 10)
      checkPoints(moved, result)
    }
  })

  it('that are empty or flat are said to be', () => {
    const [rows, bounds] = cube(3)
    const disjoint = polytope([...rows, [1, 1, 1]], [...bounds, -3.01])
    expect(facetsOf(disjoint)).toEqual({ kind: 'EMPTY' })
    const flat = polytope([...rows, [1, 1, 1], [-1, -1, -1]], [...bounds, 0.3, -0.3])
    expect(facetsOf(flat)).toEqual({ kind: 'EMPTY' })
    const point = polytope([...rows, [1, 1, 1]], [...bounds, -3])
    expect(facetsOf(point)).toEqual({ kind: 'EMPTY' })
  })

  it.each([1e-9, 1e9])('whose size is %d are as those of size 1', (size) => {
    const [rows, bounds] = cube(4)
    const all = [...rows, [1, 1, 1, 1], [1, 1, 1, -1]]
    const shape = polytope(
      all,
      [...bounds, 4, 3.9].map((bound) => bound * size),
    )
    const result = found(facetsOf(shape))
    expect(rowsOf(result)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9])
    expect(result.inradius / size).toBeCloseTo(1, 10)
  })
})

describe('limits', () => {
  const [rows, bounds] = cube(6)
  const shape = polytope([...rows, [1, 1, 1, 1, 1, 1]], [...bounds, 6])

  it('of linear programs leave facets out, but never make false ones', () => {
    const result = found(facetsOf(shape, { maxPrograms: 0 }))
    expect(result.complete).toBe(false)
    for (const row of rowsOf(result)) expect(row).toBeLessThan(12)
    checkPoints(shape, result)
  })

  it('stop it between linear programs, or before it knows of an inside', () => {
    let asked = 0
    facetsOf(shape, { stopped: () => ++asked < 0 })
    // The last question comes before the last linear program.
    const late = found(facetsOf(shape, { stopped: () => --asked <= 0 }))
    expect(late.complete).toBe(false)
    expect(late.facets.length).toBeGreaterThan(5)
    expect(facetsOf(shape, { stopped: () => true })).toEqual({ kind: 'UNKNOWN' })
  })

  it('that do not bite change nothing: the same call, the same answer', () => {
    expect(facetsOf(shape, { maxPrograms: 13, stopped: () => false })).toEqual(facetsOf(shape))
  })
})
