import type { TrainingPlan } from './train.ts'

/** A run and what it leaves behind: a network for each checkpoint and one, under the run's own name, at the end. */
export interface SampleRun {
  readonly name: string
  /** What sets this run apart, as the end of a sentence about the network. */
  readonly note: string
  readonly tags: readonly string[]
  readonly plan: TrainingPlan
  /** Steps after which `<name>-step-<n>` is kept, ascending; 0 is the untrained network. */
  readonly checkpoints: readonly number[]
}

/** Narrowing to 16 units, so that the last layer's polytopes are few enough to hold many images each. */
const narrow = [784, 64, 32, 16, 10]
const wide = [784, 256, 256, 256, 10]

/** 12 epochs are 5,616 steps. */
const epochs = 12

/** The runs of the sample atlas: two seeds of one architecture, one of them with its history, and a wider one. */
export const sampleRuns: readonly SampleRun[] = [
  {
    name: 'mnist-a',
    note: 'one of the series mnist-a-step-0 to mnist-a',
    tags: ['mnist', 'mlp', 'narrow', 'seed-1'],
    plan: { widths: narrow, seed: 1, epochs },
    checkpoints: [0, 30, 100, 300, 1000, 3000],
  },
  {
    name: 'mnist-b',
    note: 'as mnist-a, from another seed',
    tags: ['mnist', 'mlp', 'narrow', 'seed-2'],
    plan: { widths: narrow, seed: 2, epochs },
    checkpoints: [],
  },
  {
    name: 'mnist-wide',
    note: 'as mnist-a, but of constant width',
    tags: ['mnist', 'mlp', 'wide', 'seed-1'],
    plan: { widths: wide, seed: 1, epochs },
    checkpoints: [],
  },
]
