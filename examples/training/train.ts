import { Tensor } from 'onnxruntime-node'
import { adam, trainingStep } from './graph.ts'
import { initialise, parameterShapes, parameterValues } from './mlp.ts'
import type { Parameters, Widths } from './mlp.ts'
import { classCount, pixelCount, writeImage } from './mnist.ts'
import type { LabelledImages } from './mnist.ts'
import { seededRandom, shuffle } from './prng.ts'
import { createSession, floatsOf } from './session.ts'

/** Images in one step. An epoch leaves out the few that do not fill a last batch, others each time. */
export const batchSize = 128

/** Adam's step size at the start; it falls linearly to 0 at the end of the run. */
const initialRate = 1e-3

/** What fixes a run: the same plan over the same images gives the same parameters. */
export interface TrainingPlan {
  readonly widths: Widths
  /** Seeds the initialisation and the order of the images. */
  readonly seed: number
  readonly epochs: number
}

/** Where a run stands. */
export interface TrainingState {
  /** Steps taken; 0 before the first. */
  readonly step: number
  /** Mean cross-entropy of the last step's batch before that step, in nats; NaN at step 0. */
  readonly loss: number
  readonly parameters: Parameters
}

/** Whole batches in `imageCount` images: the steps of one epoch. */
export function stepsPerEpoch(imageCount: number): number {
  return Math.floor(imageCount / batchSize)
}

/**
 * Trains by Adam on the mean cross-entropy and yields the state at every step, from the initialisation (step 0)
 * to the end. The images are put in a new random order for each epoch.
 */
export async function* train(plan: TrainingPlan, data: LabelledImages): AsyncGenerator<TrainingState> {
  const session = await createSession(trainingStep(plan.widths, batchSize))
  try {
    const random = seededRandom(plan.seed)
    let tensors = initialTensors(plan.widths, initialise(plan.widths, random))
    yield { step: 0, loss: NaN, parameters: parametersOf(plan.widths, tensors) }

    const order = Uint32Array.from({ length: data.count }, (_, index) => index)
    const epochSteps = stepsPerEpoch(data.count)
    const rates = adamRates(plan.epochs * epochSteps)
    for (const [step, rate] of rates.entries()) {
      const batch = step % epochSteps
      if (batch === 0) shuffle(order, random)
      const indices = order.subarray(batch * batchSize, (batch + 1) * batchSize)
      const results = await session.run({
        ...tensors,
        ...batchTensors(data, indices),
        rate: new Tensor('float32', [rate], []),
      })
      tensors = Object.fromEntries(Object.keys(tensors).map((name) => [name, results[`${name}.next`]]))
      const [loss] = floatsOf(results.loss)
      yield { step: step + 1, loss, parameters: parametersOf(plan.widths, tensors) }
    }
  } finally {
    await session.release()
  }
}

/** The size of each step of a run, with the correction for moments that begin at 0. */
function adamRates(steps: number): number[] {
  // Running products, not powers: the last bit of Math.pow may differ from one engine to the next.
  let decay1 = 1
  let decay2 = 1
  return Array.from({ length: steps }, (_, step) => {
    decay1 *= adam.beta1
    decay2 *= adam.beta2
    return (initialRate * (1 - step / steps) * Math.sqrt(1 - decay2)) / (1 - decay1)
  })
}

function initialTensors(widths: Widths, parameters: Parameters): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {}
  for (const shape of parameterShapes(widths)) {
    const { name, dims } = shape
    const values = parameterValues(parameters, shape)
    tensors[name] = new Tensor('float32', values, dims)
    tensors[`${name}.m`] = new Tensor('float32', new Float32Array(values.length), dims)
    tensors[`${name}.v`] = new Tensor('float32', new Float32Array(values.length), dims)
  }
  return tensors
}

function parametersOf(widths: Widths, tensors: Readonly<Record<string, Tensor>>): Parameters {
  return new Map(parameterShapes(widths).map(({ name }) => [name, floatsOf(tensors[name])]))
}

function batchTensors(data: LabelledImages, indices: Uint32Array): { images: Tensor; targets: Tensor } {
  const images = new Float32Array(indices.length * pixelCount)
  const targets = new Float32Array(indices.length * classCount)
  indices.forEach((index, row) => {
    writeImage(data, index, images, row * pixelCount)
    targets[row * classCount + data.labels[index]] = 1
  })
  return {
    images: new Tensor('float32', images, [indices.length, pixelCount]),
    targets: new Tensor('float32', targets, [indices.length, classCount]),
  }
}
