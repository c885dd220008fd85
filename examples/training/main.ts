/**
 * Trains the sample networks and writes them with their manifest:
 * `node dist/examples/training/main.js [FOLDER]`, by default to examples/networks.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { countCorrect } from './accuracy.ts'
import { exportNetwork } from './export.ts'
import type { SampleNetwork } from './manifest.ts'
import { parameterCount } from './mlp.ts'
import { readMnist } from './mnist.ts'
import type { LabelledImages } from './mnist.ts'
import { sampleRuns } from './runs.ts'
import type { SampleRun } from './runs.ts'
import { stepsPerEpoch, train } from './train.ts'

interface Mnist {
  readonly training: LabelledImages
  readonly test: LabelledImages
}

const folder = process.argv[2] ?? fileURLToPath(new URL('../../../examples/networks', import.meta.url))
await mkdir(folder, { recursive: true })
const mnist = { training: await readMnist('train'), test: await readMnist('t10k') }
const networks: SampleNetwork[] = []
for (const run of sampleRuns) {
  for await (const network of trainRun(run, mnist)) networks.push(network)
}
await writeFile(path.join(folder, 'manifest.json'), manifestText(networks))

/** Trains one run, prints a line an epoch, writes and yields every network that the run keeps. */
async function* trainRun(run: SampleRun, { training, test }: Mnist): AsyncGenerator<SampleNetwork> {
  const epochSteps = stepsPerEpoch(training.count)
  const steps = run.plan.epochs * epochSteps
  let lossSum = 0
  for await (const state of train(run.plan, training)) {
    const { step } = state
    if (step > 0) lossSum += state.loss
    const isLast = step === steps
    const isKept = isLast || run.checkpoints.includes(step)
    const endsEpoch = step > 0 && step % epochSteps === 0
    if (!isKept && !endsEpoch) continue

    const name = isLast ? run.name : `${run.name}-step-${step}`
    const model = exportNetwork(name, run.plan.widths, state.parameters)
    const accuracy = (await countCorrect(model, test)) / test.count
    if (endsEpoch) {
      printEpoch(run, step / epochSteps, lossSum / epochSteps, accuracy)
      lossSum = 0
    }
    if (!isKept) continue
    await writeFile(path.join(folder, `${name}.onnx`), model)
    console.log(`${name}: test accuracy ${percent(accuracy)}, ${model.length} bytes`)
    yield describe(run, name, step, steps, accuracy)
  }
}

function describe(
  { plan, note, tags }: SampleRun,
  name: string,
  step: number,
  steps: number,
  testAccuracy: number,
): SampleNetwork {
  const stage = step === 0 ? 'untrained' : step === steps ? 'trained' : 'checkpoint'
  const hidden = plan.widths.slice(1, -1)
  return {
    name,
    file: `${name}.onnx`,
    description:
      `MNIST classifier with hidden layers of ${hidden.join(', ')} ReLU units, seed ${plan.seed}, ` +
      `${step === 0 ? 'before training' : `after ${step} of ${steps} training steps`}; ${note}.`,
    tags: [...tags, stage],
    parameters: parameterCount(plan.widths),
    testAccuracy,
    step,
    epoch: Math.round((1000 * plan.epochs * step) / steps) / 1000,
    seed: plan.seed,
    architecture: plan.widths.join('-'),
  }
}

function printEpoch(run: SampleRun, epoch: number, loss: number, accuracy: number): void {
  const progress = `epoch ${epoch}/${run.plan.epochs}`
  console.log(
    `${run.name}: ${progress}, training loss ${loss.toFixed(4)}, test accuracy ${percent(accuracy)}`,
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

/** JSON as the formatter of this project leaves it: indented, but a list of tags on one line. */
function manifestText(networks: SampleNetwork[]): string {
  const text = JSON.stringify(networks, null, 2)
  const oneLine = text.replace(
    /\[\s+("[^[\]]*")\s+\]/g,
    (_, items: string) => `[${items.replace(/\s+/g, ' ')}]`,
  )
  return `${oneLine}\n`
}
