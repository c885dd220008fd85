import { describe, expect, test } from 'vitest'
import { packGate } from '#atlas/compute/codes/index.js'
import { openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { buildModel, node } from '../support/onnx.ts'
import { AFFINE } from '../support/opsets/affine.ts'
import { CURVED } from '../support/opsets/curved.ts'
import { SAMPLES, type Form } from '../support/opsets/forms.ts'
import { GATES } from '../support/opsets/gates.ts'
import { STRUCTURAL } from '../support/opsets/structural.ts'

/** Every operator by every operator set that changed it, and the newest. */
const each = <Row extends Form>(rows: readonly Row[]) =>
  rows.flatMap((row) => row.opsets.map((opset) => ({ ...row, opset })))

const rows = SAMPLES.length
const inputs = SAMPLES.flat()

/** A network of these nodes from x to p, and a Relu behind them. */
const gated = ({ nodes, constants = {} }: ReturnType<Form['form']>, opset: number) =>
  buildModel({
    opset,
    inputs: { x: ['N', 2, 3] },
    initializers: constants,
    nodes: [...nodes, node('Relu', ['p'], 'y')],
    outputs: ['y'],
  })

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], digits: number) => {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits)
  })
}

describe.each(each([...AFFINE, ...STRUCTURAL]))(
  '$name of operator set $opset',
  ({ opset, form, expected, units }) => {
    const model = gated(form(opset), opset)
    const wanted = SAMPLES.flatMap((sample) => expected(sample))

    test('is the same map for codes and for exact geometry', async () => {
      const runner = await openNetwork(model, [0])
      const { scores } = await runner.run(Float32Array.from(inputs), rows)
      await runner.close()
      expect(runner.summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE' })
      if (units !== undefined) expect(runner.summary.layers[0].unitCount).toBe(units)
      expectClose(
        scores,
        wanted.map((value) => Math.max(0, value)),
        5,
      )
      const program = await openProgram(model)
      const pre = await program.parts[0].run([Float64Array.from(inputs)], rows)
      await program.close()
      expectClose(pre, wanted, 12)
    })
  },
)

describe.each(each(GATES))('$name of operator set $opset', ({ opset, form, value, bits, exact }) => {
  const { nodes, constants = {} } = form(opset)
  const model = buildModel({
    opset,
    inputs: { x: ['N', 2, 3] },
    initializers: constants,
    nodes,
    outputs: ['p'],
  })
  const wanted = SAMPLES.flatMap((sample) => value(sample))

  test('is a gate with its bits', async () => {
    const runner = await openNetwork(model, [0])
    const { preActivations, scores } = await runner.run(Float32Array.from(inputs), rows)
    await runner.close()
    const { layers, exactness } = runner.summary
    expect(layers).toHaveLength(1)
    expect(exactness).toBe(exact ? 'PIECEWISE_AFFINE' : 'APPROXIMATE')
    expectClose(scores, wanted, 5)
    const [{ bitsPerUnit, positionCount, unitCount }] = layers
    const { codes } = packGate(preActivations[0], rows, layers[0])
    const bitsOfSite = unitCount * bitsPerUnit
    const bytes = Math.ceil(bitsOfSite / 8)
    const packed = Array.from({ length: rows * positionCount * bitsOfSite }, (_, i) => {
      const [site, bit] = [Math.floor(i / bitsOfSite), i % bitsOfSite]
      return ((codes[site * bytes + (bit >> 3)] >> (bit & 7)) & 1) === 1
    })
    expect(packed).toEqual(SAMPLES.flatMap((sample) => bits(sample)))
    if (!exact) return
    const program = await openProgram(model)
    const states = await statesBefore(program, Float64Array.from(inputs), rows, 1)
    const own = await program.scores.run(states, rows)
    await program.close()
    expectClose(own, wanted, 12)
  })
})

describe.each(each(CURVED))('$name of operator set $opset', ({ opset, form, expected, units }) => {
  test('has the codes of plain loops, and no exact geometry', async () => {
    const model = gated(form(opset), opset)
    const runner = await openNetwork(model, [0])
    const { scores } = await runner.run(Float32Array.from(inputs), rows)
    await runner.close()
    // Not of all: ONNX Runtime rounds a GroupNormalization by a sample's place in the batch.
    expect(runner.summary).toMatchObject({ exactness: 'APPROXIMATE' })
    if (units !== undefined) expect(runner.summary.layers[0].unitCount).toBe(units)
    expectClose(
      scores,
      SAMPLES.flatMap((sample) => expected(sample).map((value) => Math.max(0, value))),
      4,
    )
  })
})
