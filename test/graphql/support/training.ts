// A training of three checkpoints, and what the API tells of each input by each of them.
import { z } from 'zod'
import { addNetwork, addPartition } from '../../support/atlas.ts'
import { buildMlp, mlpWeights, uniform, type MlpOptions } from '../../support/onnx.ts'
import { runJobs, type TestAtlas } from './atlas.ts'
import { INPUT_COUNT, mlps } from './reference.ts'

/** The network with all weights moved by up to `size`. */
function moved(options: MlpOptions, seed: number, size: number): MlpOptions {
  const random = uniform(seed)
  const move = (values: number[]) => values.map((value) => Math.fround(value + size * (2 * random() - 1)))
  const weights = mlpWeights(options).map((layer) => ({
    ...layer,
    weights: move(layer.weights),
    bias: move(layer.bias),
  }))
  return { ...options, weights }
}

const half = moved(mlps['mlp-a'], 1, 0.012)

/** The checkpoints by name, and their steps: the first is one of the atlas. */
export const checkpoints = { 'mlp-a': mlps['mlp-a'], half, done: moved(half, 2, 0.2) }
export const steps = [0, 100, 250]
export const names = Object.keys(checkpoints)
export const UNITS = [16, 10]

/** Adds the checkpoints that the atlas lacks, with partitions by these spans, and the series `run` of all. */
export async function addTraining(atlas: TestAtlas, spans: readonly string[]): Promise<void> {
  for (const name of ['half', 'done'] as const) await addNetwork(atlas.db, name, buildMlp(checkpoints[name]))
  for (const span of spans) for (const name of names) await addPartition(atlas.db, `${name}/${span}@points`)
  await runJobs(atlas.db)
  await atlas.ask(CREATE_SERIES, { input: seriesInput('run') })
}

export const CREATE_SERIES = `mutation ($input: CreateSeriesInput!) { createSeries(input: $input) {
  series { id path name description members { index step network { name } } } } }`

/** The three checkpoints as a series. */
export function seriesInput(name: string) {
  return {
    name,
    description: 'Three steps.',
    members: names.map((network, i) => ({ network, step: steps[i] })),
  }
}

/** What the API tells of an input. */
export interface Told {
  /** Bits of its code. */
  code: string
  label: number
  scores: number[]
}

const told = z.object({
  dataset: z.object({
    inputs: z.object({
      nodes: z.array(
        z.object({
          region: z.object({ code: z.object({ bits: z.string() }) }),
          prediction: z.object({ label: z.number(), scores: z.array(z.number()) }),
        }),
      ),
    }),
  }),
})

/** Of every input of `points`, in order. */
export async function toldOf(atlas: TestAtlas, network: string, span: string): Promise<Told[]> {
  const query = `query ($network: String!, $partition: ID!, $first: Int) { dataset(name: "points") {
    inputs(first: $first) { nodes { region(partition: $partition) { code { bits } }
      prediction(network: $network) { label scores } } } } }`
  const partition = `${network}/${span}@points`
  const { dataset } = told.parse(await atlas.ask(query, { network, partition, first: INPUT_COUNT }))
  return dataset.inputs.nodes.map(({ region, prediction }) => ({ code: region.code.bits, ...prediction }))
}

/** Places at which two codes differ. */
export function differences(a: string, b: string): number[] {
  return [...a].flatMap((bit, i) => (bit === b[i] ? [] : [i]))
}
