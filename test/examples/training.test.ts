import { readFile } from 'node:fs/promises'
import { Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { exportNetwork } from '#atlas/examples/training/export.js'
import { trainingStep } from '#atlas/examples/training/graph.js'
import { initialise, parameterShapes } from '#atlas/examples/training/mlp.js'
import type { LabelledImages } from '#atlas/examples/training/mnist.js'
import { readMnist } from '#atlas/examples/training/mnist.js'
import { seededRandom } from '#atlas/examples/training/prng.js'
import { sampleRuns } from '#atlas/examples/training/runs.js'
import { createSession, floatsOf } from '#atlas/examples/training/session.js'
import { train } from '#atlas/examples/training/train.js'
import type { TrainingPlan, TrainingState } from '#atlas/examples/training/train.js'

const widths = [5, 4, 3, 3]
const batch = 6
const rate = 0.01

/** Float64 values that float32 represents exactly, so that both sides compute from the same numbers. */
function uniform(length: number, low: number, high: number, random: () => number): Float64Array {
  return Float64Array.from({ length }, () => Math.fround(low + (high - low) * random()))
}

interface TinyProblem {
  images: Float64Array
  targets: number[]
  parameters: Record<string, Float64Array>
  moments: Record<string, Float64Array>
}

function tinyProblem(seed: number): TinyProblem {
  const random = seededRandom(seed)
  const problem: TinyProblem = {
    images: uniform(batch * widths[0], -1, 1, random),
    targets: Array.from({ length: batch }, () => Math.floor(random() * 3)),
    parameters: {},
    moments: {},
  }
  for (const { name, dims } of parameterShapes(widths)) {
    const length = dims.reduce((product, dim) => product * dim, 1)
    problem.parameters[name] = uniform(length, -1, 1, random)
    problem.moments[`${name}.m`] = uniform(length, -0.1, 0.1, random)
    problem.moments[`${name}.v`] = uniform(length, 0.01, 0.1, random)
  }
  return problem
}

/** Mean cross-entropy of the tiny network in float64, one image at a time. */
function loss({ images, targets, parameters }: TinyProblem): number {
  let sum = 0
  for (let row = 0; row < batch; row++) {
    let current = [...images.subarray(row * widths[0], (row + 1) * widths[0])]
    for (let layer = 0; layer < widths.length - 1; layer++) {
      const weight = parameters[`weight${layer}`]
      const affine = Array.from(parameters[`bias${layer}`], (bias, unit) =>
        current.reduce((total, value, input) => total + value * weight[unit * current.length + input], bias),
      )
      current = layer === widths.length - 2 ? affine : affine.map((value) => Math.max(0, value))
    }
    sum += Math.log(current.reduce((total, logit) => total + Math.exp(logit), 0)) - current[targets[row]]
  }
  return sum / batch
}

/** The derivative of the loss by each entry of one parameter, by central differences. */
function finiteDifferences(problem: TinyProblem, name: string): Float64Array {
  const step = 1e-6
  const values = problem.parameters[name]
  return values.map((value, index) => {
    values[index] = value + step
    const above = loss(problem)
    values[index] = value - step
    const below = loss(problem)
    values[index] = value
    return (above - below) / (2 * step)
  })
}

async function runStep({ images, targets, parameters, moments }: TinyProblem) {
  const session = await createSession(trainingStep(widths, batch))
  const float = (values: Iterable<number>, dims: readonly number[]) =>
    new Tensor('float32', Float32Array.from(values), dims)
  const feeds: Record<string, Tensor> = {
    images: float(images, [batch, widths[0]]),
    targets: float(
      targets.flatMap((target) => [0, 1, 2].map((label) => Number(label === target))),
      [batch, 3],
    ),
    rate: float([rate], []),
  }
  for (const { name, dims } of parameterShapes(widths)) {
    feeds[name] = float(parameters[name], dims)
    for (const moment of [`${name}.m`, `${name}.v`]) feeds[moment] = float(moments[moment], dims)
  }
  return session.run(feeds)
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length)
  for (let index = 0; index < expected.length; index++) expect(actual[index]).toBeCloseTo(expected[index], 6)
}

describe('trainingStep', () => {
  it.each([1, 2, 3, 4, 5])(
    'gives the loss and gradients of float64 finite differences (seed %i)',
    async (seed) => {
      const problem = tinyProblem(seed)
      const results = await runStep(problem)
      expectClose(floatsOf(results.loss), [loss(problem)])
      for (const { name } of parameterShapes(widths)) {
        const mean = problem.moments[`${name}.m`]
        const gradient = floatsOf(results[`${name}.m.next`]).map(
          (next, index) => (next - 0.9 * mean[index]) / 0.1,
        )
        const expected = finiteDifferences(problem, name)
        expect(expected.some((value) => Math.abs(value) > 1e-3)).toBe(true)
        // Float32 rounding of the moment, times 10.
        for (let index = 0; index < expected.length; index++) {
          expect(Math.abs(gradient[index] - expected[index])).toBeLessThan(1e-6)
        }
      }
    },
  )

  it('moves parameters and moments as Adam does', async () => {
    const problem = tinyProblem(6)
    const results = await runStep(problem)
    for (const { name } of parameterShapes(widths)) {
      const gradient = finiteDifferences(problem, name)
      const mean = problem.moments[`${name}.m`].map((m, i) => 0.9 * m + 0.1 * gradient[i])
      const square = problem.moments[`${name}.v`].map((v, i) => 0.999 * v + 0.001 * gradient[i] ** 2)
      const next = problem.parameters[name].map(
        (p, i) => p - (rate * mean[i]) / (Math.sqrt(square[i]) + 1e-8),
      )
      expectClose(floatsOf(results[`${name}.m.next`]), mean)
      expectClose(floatsOf(results[`${name}.v.next`]), square)
      expectClose(floatsOf(results[`${name}.next`]), next)
    }
  })
})

describe('train', () => {
  const plan: TrainingPlan = { widths: [784, 16, 10], seed: 3, epochs: 4 }

  async function statesOf(data: LabelledImages): Promise<TrainingState[]> {
    const states: TrainingState[] = []
    for await (const state of train(plan, data)) states.push(state)
    return states
  }

  it('repeats to the last byte and lowers the loss', async () => {
    const all = await readMnist('t10k')
    // 1,000 images are 7 whole batches of 128.
    const data = { count: 1000, pixels: all.pixels, labels: all.labels }
    const [first, second] = [await statesOf(data), await statesOf(data)]
    expect(first.map(({ step }) => step)).toEqual(Array.from({ length: 4 * 7 + 1 }, (_, step) => step))
    expect(second.map(({ loss }) => loss)).toEqual(first.map(({ loss }) => loss))
    const last = [first, second].map((states) => exportNetwork('net', plan.widths, states[28].parameters))
    expect(Buffer.compare(last[0], last[1])).toBe(0)
    expect(first[28].loss).toBeLessThan(0.75 * first[1].loss)
  })
})

describe('mnist-a', () => {
  const [{ name, plan }] = sampleRuns
  const committed = (step: number) =>
    readFile(new URL(`../../examples/networks/${name}-step-${step}.onnx`, import.meta.url))

  it('begins at the committed initialisation, byte for byte', async () => {
    const parameters = initialise(plan.widths, seededRandom(plan.seed))
    const model = exportNetwork(`${name}-step-0`, plan.widths, parameters)
    expect(Buffer.compare(model, await committed(0))).toBe(0)
  })

  it('passes through the committed checkpoint of step 30', async () => {
    for await (const { step, parameters } of train(plan, await readMnist('train'))) {
      if (step < 30) continue
      const model = exportNetwork(`${name}-step-30`, plan.widths, parameters)
      const image = new Tensor('float32', new Float32Array(784).fill(0.5), [1, 1, 28, 28])
      const [ours, theirs] = await Promise.all(
        [model, Uint8Array.from(await committed(30))].map(async (bytes) => {
          const session = await createSession(bytes)
          return floatsOf((await session.run({ image })).logits)
        }),
      )
      // Other processors order the sums of a matrix product otherwise: equal here, close elsewhere.
      theirs.forEach((logit, label) => {
        expect(Math.abs(ours[label] - logit)).toBeLessThan(0.01)
      })
      break
    }
  })
})
