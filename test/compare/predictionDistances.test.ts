import { describe, expect, it } from 'vitest'
import { predictionDistances } from '#atlas/compute/compare/predictionDistances.js'

const compare = (a: number[], b: number[], inputs: number) =>
  predictionDistances({ a: Float32Array.from(a), b: Float32Array.from(b), inputs })

describe('predictionDistances', () => {
  it('is half the sum of the differences of two softmax distributions, by hand', () => {
    // exp 0 : exp 0 is 1/2 : 1/2, and weights 1 : 3 are 1/4 : 3/4.
    const { labelsA, labelsB, distances } = compare([0, 0, 5, 5], [0, Math.log(3), 7, 7], 2)
    expect([...labelsA]).toEqual([0, 0])
    expect([...labelsB]).toEqual([1, 0])
    expect(distances?.[0]).toBeCloseTo(1 / 4, 7)
    expect(distances?.[1]).toBe(0)
  })

  it('stands scores that exp does not, and calls infinite ones as far apart as can be', () => {
    const { distances } = compare([1000, -1000, Infinity, 0], [-1000, 1000, 0, 1], 2)
    expect([...(distances ?? [])]).toEqual([1, 1])
  })

  it('has labels alone where outputs differ in number', () => {
    const { labelsA, labelsB, distances } = compare([1, 2, 0, 3], [3, 1, 2, 0, 0, 5], 2)
    expect([...labelsA, ...labelsB]).toEqual([1, 1, 0, 2])
    expect(distances).toBeNull()
  })
})
