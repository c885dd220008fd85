import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localMap, openProgram, rankOf, singularValues, statesBefore } from '#atlas/compute/geometry/index.js'
import { buildMlp, forwardMlp, uniform, type MlpOptions } from '../support/onnx.ts'

const nets: MlpOptions[] = [
  { sizes: [2, 8, 3], seed: 1 },
  { sizes: [6, 12, 9, 7, 4], seed: 2 },
  { sizes: [5, 10, 10, 10, 2], seed: 3, layout: 'column' },
  { sizes: [4, 16, 16, 3], seed: 4, leaky: 0.25 },
]

/** A·(x - base) + value */
function apply(
  matrix: Float64Array,
  value: Float64Array,
  base: ArrayLike<number>,
  x: ArrayLike<number>,
): number[] {
  const dimension = base.length
  return Array.from(value, (start, row) => {
    let sum = start
    for (let i = 0; i < dimension; i++) sum += matrix[row * dimension + i] * (x[i] - base[i])
    return sum
  })
}

function bitsOf(preActivations: readonly number[][]): Uint8Array {
  return Uint8Array.from(preActivations.flat(), (value) => Number(value > 0))
}

describe.each(nets)('the map of a region of $sizes (leaky $leaky)', (net) => {
  it('is the network wherever the code is the same, and bounds the region where it ends', async () => {
    const program = await openProgram(buildMlp(net))
    const inputs = net.sizes[0]
    const last = program.parts.length - 1
    const random = uniform(9)
    let beyond = 0
    for (let region = 0; region < 5; region++) {
      const x = Float64Array.from({ length: inputs }, () => 2 * random() - 1)
      const { preActivations } = forwardMlp(net, x)
      const bits = bitsOf(preActivations)
      const states = await statesBefore(program, x, 1, 0)
      const map = await localMap(program, { fromLayer: 0, toLayer: last, bits }, states)
      let inside = 0
      // Fewer of them end up beyond the region the nearer they are.
      for (let sample = 0; inside < 1000; sample++) {
        const scale = (0.3 * random()) / (1 + sample / 1000)
        const y = x.map((value) => value + scale * (2 * random() - 1))
        const there = forwardMlp(net, y)
        const signs = map.guards.flatMap(({ matrix, value }) =>
          apply(matrix, value, map.base, y).map((pre) => pre > 0),
        )
        const same = bitsOf(there.preActivations).every((bit, i) => bit === bits[i])
        expect(signs.every((on, i) => on === (bits[i] === 1))).toBe(same)
        if (!same) {
          beyond++
          continue
        }
        inside++
        const scores = apply(map.output.matrix, map.output.value, map.base, y)
        scores.forEach((score, i) =>
          expect(Math.abs(score - there.scores[i])).toBeLessThan(1e-9 * (1 + Math.abs(score))),
        )
      }
    }
    expect(beyond).toBeGreaterThan(10)
    await program.close()
  })
})

it('of a span inside the network maps its first layer’s input to its last layer’s output', async () => {
  const net = nets[1]
  const program = await openProgram(buildMlp(net))
  const x = Float64Array.of(0.1, -0.4, 0.3, 0.9, -0.2, 0.5)
  const { preActivations } = forwardMlp(net, x)
  const hidden = preActivations.map((layer) => layer.map((value) => Math.max(0, value)))
  const states = await statesBefore(program, x, 1, 1)
  const bits = bitsOf([preActivations[1]])
  const map = await localMap(program, { fromLayer: 1, toLayer: 1, bits }, states)
  await program.close()
  expect(map.dimension).toBe(12)
  map.base.forEach((value, i) => expect(value).toBeCloseTo(hidden[0][i], 12))
  map.output.value.forEach((value, i) => expect(value).toBeCloseTo(hidden[1][i], 12))
})

it('differs by rank 1 across a face', async () => {
  const net = nets[1]
  const program = await openProgram(buildMlp(net))
  const x = Float64Array.of(0.1, -0.4, 0.3, 0.9, -0.2, 0.5)
  const bits = bitsOf(forwardMlp(net, x).preActivations)
  const states = await statesBefore(program, x, 1, 0)
  const mapOf = async (code: Uint8Array) =>
    (await localMap(program, { fromLayer: 0, toLayer: 2, bits: code }, states)).output
  const here = await mapOf(bits)
  for (const unit of [0, 5, 13, 25]) {
    const there = await mapOf(bits.map((bit, i) => (i === unit ? 1 - bit : bit)))
    const difference = here.matrix.map((value, i) => value - there.matrix[i])
    const values = singularValues(difference, 4, 6)
    expect(values[1]).toBeLessThan(1e-12 * Math.max(1, values[0]))
  }
  await program.close()
})

describe('singular values', () => {
  it('of a known matrix', () => {
    // diag(3, 2) turned by 45 degrees on the left.
    const s = Math.SQRT1_2
    const values = singularValues(Float64Array.of(3 * s, -2 * s, 3 * s, 2 * s), 2, 2)
    expect(values[0]).toBeCloseTo(3, 14)
    expect(values[1]).toBeCloseTo(2, 14)
  })

  it('have the matrix’s squares as their sum, its determinant as their product, and those of the transpose', () => {
    const entries = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(entries, ([a, b, c, d, e, f, g, h, i]) => {
        const matrix = Float64Array.of(a, b, c, d, e, f, g, h, i)
        const values = singularValues(matrix, 3, 3)
        const squares = matrix.reduce((sum, value) => sum + value * value, 0)
        const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
        expect(Math.abs(values.reduce((sum, value) => sum + value * value, 0) - squares)).toBeLessThan(1e-11)
        expect(Math.abs(values[0] * values[1] * values[2] - Math.abs(determinant))).toBeLessThan(1e-9)
        const transposed = singularValues(Float64Array.of(a, d, g, b, e, h, c, f, i), 3, 3)
        values.forEach((value, k) => expect(Math.abs(value - transposed[k])).toBeLessThan(1e-10))
      }),
    )
  })

  it('show the rank, whatever the shape', () => {
    const random = uniform(4)
    const product = (rows: number, rank: number, columns: number) => {
      const left = Array.from({ length: rows * rank }, () => random() - 0.5)
      const right = Array.from({ length: rank * columns }, () => random() - 0.5)
      return Float64Array.from({ length: rows * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns]
        return Array.from(
          { length: rank },
          (_, k) => left[row * rank + k] * right[k * columns + column],
        ).reduce((x, y) => x + y, 0)
      })
    }
    for (const [rows, rank, columns] of [
      [10, 3, 40],
      [40, 7, 10],
      [6, 6, 6],
      [5, 0, 5],
    ]) {
      const matrix = rank === 0 ? new Float64Array(rows * columns) : product(rows, rank, columns)
      expect(rankOf(singularValues(matrix, rows, columns), rows, columns)).toBe(rank)
    }
  })
})
