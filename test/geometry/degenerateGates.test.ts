import { expect, it } from 'vitest'
import { regionFacets } from '#atlas/compute/geometry/facets/index.js'
import {
  cutSlice,
  localMap,
  openProgram,
  statesBefore,
  walkSegments,
  type Program,
} from '#atlas/compute/geometry/index.js'
import { gateNet, gates, maxPool, reshape } from '../support/gateNets.ts'
import type { NodeSpec } from '../support/onnx.ts'

/** Rows of a linear map as a step. */
function linear(name: string, inputs: number, rows: readonly number[][], bias = rows.map(() => 0)) {
  const weights = Array.from({ length: inputs }, (_, i) => rows.map((row) => row[i])).flat()
  return {
    run: (x: readonly number[]) => ({
      output: rows.map((row, i) => row.reduce((sum, weight, j) => sum + weight * x[j], bias[i])),
    }),
    nodes: (from: string, to: string): NodeSpec[] => [
      { op: 'Gemm', inputs: [from, `${name}w`, `${name}b`], output: to },
    ],
    initializers: {
      [`${name}w`]: { shape: [inputs, rows.length], values: weights },
      [`${name}b`]: { shape: [rows.length], values: bias },
    },
  }
}

async function explore(program: Program) {
  const toLayer = program.parts.length - 1
  const corners = [Float64Array.of(-1, -1, 1, -1, 1, 1, -1, 1)]
  const slice = await cutSlice(program, { corners, fromLayer: 0, toLayer, maxRegions: 1000 })
  const ends = [Float64Array.of(-1, -0.5, 1, -0.5)]
  const [segment] = await walkSegments(program, { ends, segments: 1, fromLayer: 0, toLayer })
  return { slice, segment }
}

async function facetsAt(program: Program, x: Float64Array, code: number[]) {
  const bits = Uint8Array.from(code)
  const region = { fromLayer: 0, toLayer: program.parts.length - 1, bits }
  return regionFacets(await localMap(program, region, await statesBefore(program, x, 1, 0)), bits)
}

it('windows of zeros after a Relu have their first entry as winner, and no boundary of their own', async () => {
  // Relu of x, y, x, -1 in a window of four.
  const step = linear(
    'a',
    2,
    [
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 0],
    ],
    [0, 0, 0, -1],
  )
  const pool = maxPool({ channels: 1, height: 2, width: 2, kernel: [2, 2] })
  const net = gateNet(2, [step, gates.relu(), reshape('in', 1, 2, 2), pool])
  const program = await openProgram(net.model)
  const { slice, segment } = await explore(program)
  // Quadrants, of which the one with x, y > 0 is cut where x = y.
  const codes = slice.polygons.map(({ bits }) => bits.join(''))
  expect(codes.sort()).toEqual(['000000', '010010', '101000', '111000', '111010'])
  for (const { vertices, bits } of slice.polygons) {
    const mean = (axis: 0 | 1) => vertices.reduce((sum, at) => sum + 2 * at[axis] - 1, 0) / vertices.length
    expect(bits.join('')).toBe(net.forward([mean(0), mean(1)]).bits.join(''))
  }
  expect(segment.crossings.map(({ layer, unit, bit, turnsOn }) => [layer, unit, bit, turnsOn])).toEqual([
    [0, 0, 0, true],
    [0, 2, 0, true],
  ])
  const found = await facetsAt(program, Float64Array.of(-0.5, -0.5), [0, 0, 0, 0, 0, 0])
  if (found.kind !== 'FACETS') throw new Error(found.kind)
  expect(found.facets.map(({ bounds }) => bounds)).toEqual([
    [
      { kind: 'UNIT', layer: 0, index: 0, bits: [0] },
      { kind: 'UNIT', layer: 0, index: 2, bits: [2] },
    ],
    [{ kind: 'UNIT', layer: 0, index: 1, bits: [1] }],
  ])
  // The second of two equal entries never wins.
  expect(await facetsAt(program, Float64Array.of(0.5, 0.2), [1, 1, 1, 0, 0, 1])).toEqual({ kind: 'EMPTY' })
  await program.close()
})

it('of equal losers of a window, the first wins beyond', async () => {
  const pool = maxPool({ channels: 1, height: 1, width: 3, kernel: [1, 3] })
  const step = linear('a', 2, [
    [1, 0],
    [0, 1],
    [0, 1],
  ])
  const program = await openProgram(gateNet(2, [step, reshape('in', 1, 1, 3), pool]).model)
  const found = await facetsAt(program, Float64Array.of(0.5, 0), [0, 0])
  if (found.kind !== 'FACETS') throw new Error(found.kind)
  expect(found.facets.map(({ bounds }) => bounds)).toEqual([
    [{ kind: 'UNIT', layer: 0, index: 0, bits: [0] }],
  ])
  const { slice, segment } = await explore(program)
  expect(slice.polygons.map(({ bits }) => bits.join('')).sort()).toEqual(['00', '10'])
  expect(segment.crossings).toEqual([{ t: 0.25, layer: 0, unit: 0, position: 0, bit: 0, turnsOn: false }])
  await program.close()
})

it('a Clip to a point is constant, and both its bits change at once', async () => {
  const net = gateNet(2, [linear('a', 2, [[1, 0]]), gates.clip('c', 0.5, 0.5), linear('b', 1, [[2], [1]])])
  const program = await openProgram(net.model)
  const { slice, segment } = await explore(program)
  expect(slice.polygons.map(({ bits }) => bits.join('')).sort()).toEqual(['00', '11'])
  expect(segment.crossings.map(({ t, bit }) => [t, bit])).toEqual([
    [0.75, 0],
    [0.75, 1],
  ])
  expect(segment.regionCount).toBe(2)
  const found = await facetsAt(program, Float64Array.of(0, 0), [0, 0])
  if (found.kind !== 'FACETS') throw new Error(found.kind)
  expect(found.facets.map(({ bounds }) => bounds)).toEqual([
    [{ kind: 'UNIT', layer: 0, index: 0, bits: [0, 1] }],
  ])
  expect(await facetsAt(program, Float64Array.of(0, 0), [1, 0])).toEqual({ kind: 'EMPTY' })
  await program.close()
})

it('a jump is met from both sides', async () => {
  // y = x above 1/2, else 0; then Relu(y - 1/4): off, and 1/4 at once.
  const alpha = 0.5
  const jump = {
    run: ([x]: readonly number[]) => ({ output: [x > alpha ? x : 0], bits: [Number(x > alpha)] }),
    nodes: (from: string, to: string): NodeSpec[] => [
      { op: 'ThresholdedRelu', inputs: [from], output: to, attributes: { alpha } },
    ],
  }
  const net = gateNet(2, [
    linear('a', 2, [[1, 0]]),
    jump,
    linear('b', 1, [[1]], [-0.25]),
    gates.relu(),
    linear('c', 1, [[1], [0]], [-0.125, 0]),
  ])
  const program = await openProgram(net.model)
  const { slice, segment } = await explore(program)
  expect(segment.crossings.map(({ t, layer, turnsOn }) => [t, layer, turnsOn])).toEqual([
    [0.75, 0, true],
    [0.75, 1, true],
  ])
  expect(segment.predictions).toEqual([
    { from: 0, to: 0.75, label: 1 },
    { from: 0.75, to: 1, label: 0 },
  ])
  expect(slice.polygons.map(({ bits, prediction }) => [bits.join(''), prediction]).sort()).toEqual([
    ['00', 1],
    ['11', 0],
  ])
  await program.close()
})
