import { expect } from 'vitest'
import { facetsOf, type Polytope } from '#atlas/compute/geometry/facets/index.js'
import { depthsByHighs, inradiusByHighs } from './depths.ts'

/** Rows deeper than this, by HiGHS and in inradii, must be facets, the others must not. */
const DEEP = 1e-7

/** Compares facets and inradius with HiGHS; answers how many rows only touch, or undefined where there is no inside. */
export function agreesWithHighs(polytope: Polytope): number | undefined {
  const result = facetsOf(polytope)
  const inradius = inradiusByHighs(polytope)
  if (result.kind !== 'FACETS') {
    expect(result.kind).toBe('EMPTY')
    expect(inradius).toBeLessThan(1e-8)
    return undefined
  }
  expect(result.complete).toBe(true)
  if (inradius === Infinity) expect(result).toMatchObject({ center: null, inradius })
  else expect(Math.abs(result.inradius - inradius)).toBeLessThan(1e-8 * (1 + inradius))
  const { dimension, normals, offsets } = polytope
  const slack = (row: number, point: Float64Array) =>
    point.reduce((rest, value, j) => rest - normals[row * dimension + j] * value, offsets[row])
  const size = Math.min(...offsets.map((_, row) => slack(row, result.inside)))
  // From a point inside and in its scale, HiGHS's absolute tolerances mean the same for every polytope.
  const scaled = offsets.map((_, row) => slack(row, result.inside) / size)
  const depths = depthsByHighs({ ...polytope, offsets: scaled }, 1)
  const facets = new Set(result.facets.map(({ row }) => row))
  const wrong = Array.from(depths.keys()).filter((row) => depths[row] > DEEP !== facets.has(row))
  expect(wrong.map((row) => ({ row, depth: depths[row], facet: facets.has(row) }))).toEqual([])
  for (const { row, point } of result.facets) {
    for (let i = 0; i < polytope.rows; i++) if (i !== row) expect(slack(i, point)).toBeGreaterThan(0)
  }
  return depths.filter((depth) => Math.abs(depth) <= DEEP).length
}
