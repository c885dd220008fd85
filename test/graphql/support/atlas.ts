import { parse, validate } from 'graphql'
import { afterAll, beforeAll } from 'vitest'
import {
  createContextFactory,
  createExecutor,
  createSchema,
  formatError,
  type ContextFactory,
} from '#atlas/src/graphql/index.js'
import { importNetwork } from '#atlas/src/jobs/commands/importNetwork.js'
import { requestClustering } from '#atlas/src/jobs/commands/requestClustering.js'
import { requestComparison } from '#atlas/src/jobs/commands/requestComparison.js'
import { requestEnumeration } from '#atlas/src/jobs/commands/requestEnumeration.js'
import { requestFacets } from '#atlas/src/jobs/commands/requestFacets.js'
import { requestNeighbors } from '#atlas/src/jobs/commands/requestNeighbors.js'
import { requestPartition } from '#atlas/src/jobs/commands/requestPartition.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { runJob } from '#atlas/src/jobs/runJob.js'
import { tasks } from '#atlas/src/jobs/tasks.js'
import { createDataset } from '#atlas/src/store/createDataset.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { parsePath } from '#atlas/src/store/path.js'
import { addSegmentSet, storeBytes } from '../../support/atlas.ts'
import { useDatabase } from '../../support/database.ts'
import { buildMlp, buildModel } from '../../support/onnx.ts'
import { INPUT_COUNT, labels, LABEL_COUNT, mlps, samples, tokenBias, tokenWeights } from './reference.ts'

/** An error as a client gets it. */
export interface ClientError {
  code: unknown
  message: string
  path: readonly (string | number)[] | undefined
}

export interface TestAtlas {
  readonly db: Database
  readonly contexts: ContextFactory
  /** The answer's data; throws where there are errors. */
  ask(query: string, variables?: Record<string, unknown>): Promise<unknown>
  /** The only error's code; throws where there is none. */
  codeOf(query: string, variables?: Record<string, unknown>): Promise<unknown>
  errorsOf(query: string, variables?: Record<string, unknown>): Promise<ClientError[]>
  /** What was logged of unexpected errors. */
  readonly logged: object[]
}

export const schema = createSchema()

/** Does all queued work, oldest first, in this process. */
export async function runJobs(db: Database): Promise<void> {
  for (;;) {
    const job = await db.prisma.job.findFirst({ where: { state: 'QUEUED' }, orderBy: { createdAt: 'asc' } })
    const task = tasks.find(({ kind }) => kind === job?.kind)
    if (!job || !task) return
    await runJob(db, task, job.id, new AbortController().signal, () => undefined)
    const { state, error } = await db.prisma.job.findUniqueOrThrow({ where: { id: job.id } })
    if (state !== 'SUCCEEDED') throw new Error(`The ${job.kind} job is ${state}: ${error}`)
  }
}

/** The ONNX bytes of the network `tokens`. */
export function buildTokens(): Uint8Array {
  return buildModel({
    inputs: { x: ['N', 2, 3] },
    initializers: { w: { shape: [3, 3], values: tokenWeights }, b: { shape: [3], values: tokenBias } },
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], output: 'd' },
      { op: 'Add', inputs: ['d', 'b'], output: 'pre' },
      { op: 'Relu', name: 'gate', inputs: ['pre'], output: 'scores' },
    ],
    outputs: ['scores'],
  })
}

async function importAll(db: Database): Promise<void> {
  for (const [name, bytes] of [
    ...Object.entries(mlps).map(([name, options]) => [name, buildMlp(options)] as const),
    ['tokens', buildTokens()] as const,
  ])
    await importNetwork(db, {
      name,
      file: await storeBytes(db, bytes),
      description: `The ${name}.`,
      tags: ['test'],
    })
  await createDataset(db, 'points', pointsSource(), () => undefined)
}

/** The samples of reference.ts, in two pieces. */
export function pointsSource() {
  return {
    shape: [2, 3],
    elementType: 'F32' as const,
    scale: 1,
    classNames: Array.from({ length: LABEL_COUNT }, (_, label) => `class ${label}`),
    sha256: () => 'f'.repeat(64),
    async *samples() {
      for (const [from, to] of [
        [0, 50],
        [50, INPUT_COUNT],
      ])
        yield {
          data: new Uint8Array(Float32Array.from(samples.slice(from, to).flat()).buffer),
          rows: to - from,
          labels: Int32Array.from(labels.slice(from, to)),
        }
    },
  }
}

/** Which partitions a test's atlas has, by path; `neighbors` are stored for some of them. */
export interface AtlasContent {
  partitions: readonly string[]
  neighbors?: Readonly<Record<string, number>>
  /** Networks of which up to 60 regions around the origin are enumerated. */
  complexes?: readonly string[]
  comparisons?: readonly (readonly [a: string, b: string])[]
  /** Of how many regions facets are stored. */
  facets?: Readonly<Record<string, number>>
  segmentSets?: readonly string[]
  /** Partitions of which the nearest regions make clusters, of two at least. */
  clusterings?: readonly string[]
}

/** Gives the tests of a file an atlas of three networks and a dataset, with these partitions computed. */
export function useAtlas(content: AtlasContent): TestAtlas {
  const { url } = useDatabase()
  const db = openDatabase(url)
  const contexts = createContextFactory(db)
  const logged: object[] = []
  beforeAll(async () => {
    await prepareQueue(db)
    await importAll(db)
    const ids = new Map<string, number>()
    for (const path of content.partitions) {
      const key = parsePath(path)
      if (key.kind !== 'partition') throw new Error(`${path} is no path of a partition.`)
      ids.set(path, (await requestPartition(db, key)).partitionId)
    }
    await runJobs(db)
    const idOf = (path: string) => ids.get(path) ?? Number.NaN
    for (const [path, k] of Object.entries(content.neighbors ?? {})) await requestNeighbors(db, idOf(path), k)
    for (const network of content.complexes ?? [])
      await requestEnumeration(db, { network, toLayer: null, lower: [-0.5], upper: [0.5], limit: 60 })
    for (const [path, limit] of Object.entries(content.facets ?? {}))
      await requestFacets(db, { partitionId: idOf(path), region: null, limit, box: null })
    for (const [a, b] of content.comparisons ?? []) await requestComparison(db, idOf(a), idOf(b))
    for (const path of content.segmentSets ?? []) await addSegmentSet(db, path)
    for (const path of content.clusterings ?? [])
      await requestClustering(db, idOf(path), { metric: 'HAMMING', minClusterSize: 2, minSamples: 1 })
    await runJobs(db)
  })
  afterAll(async () => {
    await contexts.close()
    await db.close()
  })

  // Compiled, as a server answers from the second time on.
  const executor = createExecutor(schema, 1)
  const execute = async (source: string, variables: Record<string, unknown> = {}) => {
    const document = parse(source)
    const errors = validate(schema, document)
    if (errors.length > 0) return { errors, data: undefined }
    return executor({ document, operationName: undefined, variables, context: contexts.create() })
  }
  const errorsOf = async (query: string, variables?: Record<string, unknown>) => {
    const { errors = [] } = await execute(query, variables)
    const log = { error: (details: object) => logged.push(details) }
    return errors.map((error) => {
      const { message, path, extensions } = formatError(error.toJSON(), error, log)
      return { message, path, code: extensions?.code }
    })
  }
  return {
    db,
    contexts,
    logged,
    errorsOf,
    async ask(query, variables) {
      const { data, errors = [] } = await execute(query, variables)
      if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'))
      // As it travels: without prototypes, dates as text.
      return JSON.parse(JSON.stringify(data))
    },
    async codeOf(query, variables) {
      const errors = await errorsOf(query, variables)
      if (errors.length === 0) throw new Error('No error where one was expected.')
      return errors[0].code
    },
  }
}
