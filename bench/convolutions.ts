/**
 * Codes of convolutional networks: the whole-network partition of stored inputs (inference, packing, codes, regions and
 * memberships committed) beside plain ONNX Runtime inference of the same inputs by the file as it is, in the same round.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeModel } from '../compute/onnx/decode.ts'
import { readGraph } from '../compute/onnx/graph.ts'
import { openSession } from '../compute/onnx/session.ts'
import type { Atlas } from '../src/atlas.ts'
import { importNetwork } from '../src/jobs/commands/importNetwork.ts'
import { requestPartition } from '../src/jobs/commands/requestPartition.ts'
import { packageRoot } from '../src/packageRoot.ts'
import { waitForJobs } from '../src/sample/waitForJobs.ts'
import { createDataset } from '../src/store/createDataset.ts'
import { storeFile } from '../src/store/files.ts'
import { ALL_POSITIONS } from '../src/store/path.ts'
import { withEmptyAtlas } from './atlas.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const ROUNDS = 5
const ASSETS = join(packageRoot, '..', 'shared', 'assets')

/** Networks that lie beside the project; without them there is nothing to measure. */
const CASES = [
  { file: join('cifar', 'resnet_2b.onnx'), shape: [3, 32, 32], inputs: 10_000 },
  { file: join('vision', 'SqueezeNet_fp16.onnx'), shape: [3, 224, 224], inputs: 50 },
]

/** One row a network; see above. */
export async function benchConvolutions(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { file, shape, inputs } of CASES.filter(({ file }) => existsSync(join(ASSETS, file)))) {
    const size = shape.reduce((a, b) => a * b)
    const values = Float32Array.from({ length: inputs * size }, Math.random)
    rows.push(await withEmptyAtlas((atlas) => measure(atlas, file, shape, values)))
  }
  return rows
}

async function measure(atlas: Atlas, file: string, shape: number[], values: Float32Array): Promise<Row> {
  const path = join(ASSETS, file)
  const inputs = values.length / shape.reduce((a, b) => a * b)
  await createDataset(atlas.db, 'inputs', sourceOf(values, shape), () => undefined)
  const rounds: { partition: number; inference: number }[] = []
  // The first round warms up both sides and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    await importNetwork(atlas.db, {
      ...{ name: 'bench', description: '', tags: [] },
      file: await storeFile(atlas.db, path),
    })
    const partition = await seconds(() => partitionAll(atlas))
    const inference = await inferPlainly(path, values)
    if (round > 0) rounds.push({ partition, inference })
    await atlas.db.pool.query('truncate file, network, code, job cascade')
    console.log(
      `${file}, round ${round}: partition ${partition.toFixed(2)} s, inference ${inference.toFixed(2)} s`,
    )
  }
  const taken = median(rounds.map(({ partition }) => partition))
  return {
    network: path.split('/').at(-1) ?? path,
    inputs,
    partitionSeconds: rounded(taken),
    inputsPerSecond: Math.round(inputs / taken),
    inferenceSeconds: rounded(median(rounds.map(({ inference }) => inference))),
    ratioToInference: rounded(median(rounds.map(({ partition, inference }) => partition / inference))),
    rounds: rounds.length,
  }
}

async function partitionAll({ db }: Atlas): Promise<void> {
  const layers = await db.prisma.layer.count({ where: { network: { name: 'bench' } } })
  const { jobId } = await requestPartition(db, {
    network: 'bench',
    dataset: 'inputs',
    fromLayer: 0,
    toLayer: layers - 1,
    granularity: 'WHOLE_INPUT',
    ...ALL_POSITIONS,
  })
  if (jobId) await waitForJobs(db, [jobId], () => undefined)
}

/** The file as it is, nothing tapped, one sample a run as both files fix it. */
async function inferPlainly(path: string, values: Float32Array): Promise<number> {
  const bytes = await readFile(path)
  const { input, output } = readGraph(decodeModel(bytes).graph)
  const session = await openSession(bytes)
  const size = input.sampleShape.reduce((a, b) => a * b)
  const dims = [1, ...input.sampleShape]
  try {
    return await seconds(async () => {
      for (let at = 0; at < values.length; at += size)
        await session.run(input.name, { values: values.subarray(at, at + size), dims }, [output])
    })
  } finally {
    await session.close()
  }
}

function sourceOf(values: Float32Array, shape: number[]) {
  const size = shape.reduce((a, b) => a * b)
  return {
    shape,
    elementType: 'F32' as const,
    scale: 1,
    classNames: [],
    sha256: () => '0'.repeat(64),
    async *samples() {
      for (let at = 0; at < values.length; at += size) {
        const { buffer, byteOffset, byteLength } = values.subarray(at, at + size)
        yield { data: new Uint8Array(buffer, byteOffset, byteLength), rows: 1, labels: null }
      }
    },
  }
}
