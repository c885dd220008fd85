// Two servers and two workers, four processes, on one Postgres: what they know of one another goes through it alone.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, graphql, type Atlas } from 'polytope-atlas/client'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import WebSocket from 'ws'
import { liveWorkerCount } from '#atlas/src/jobs/liveness.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { addDataset, addNetwork } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { finalJob } from '../support/jobs.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { forkWorker, killProcess } from '../support/workerProcess.ts'

const SIZE = 20
const SAMPLES = 12_000
const NETWORKS = ['one', 'two']

const database = useDatabase()
const processes: ChildProcess[] = []
const servers: string[] = []
let db: Database

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  const next = uniform(1)
  const values = Float32Array.from({ length: SAMPLES * SIZE }, () => 2 * next() - 1)
  await addDataset(db, 'points', values, SIZE)
  for (const [i, name] of NETWORKS.entries())
    await addNetwork(db, name, buildMlp({ sizes: [SIZE, 256, 256, 4], seed: i + 1 }))
  servers.push(...(await Promise.all([startServer(), startServer()])))
  processes.push(forkWorker(database.url), forkWorker(database.url))
  while ((await liveWorkerCount(db)) < 2) await sleep(20)
}, 60_000)

afterAll(async () => {
  await Promise.all(processes.map((child) => killProcess(child, 'SIGTERM')))
  await db.close()
})

/** A server in a process and with a home of its own; answers its address. */
async function startServer(): Promise<string> {
  const home = await mkdtemp(join(inject('folder'), 'server-'))
  const child = spawn(
    process.execPath,
    ['dist/src/cli/main.js', 'serve', '--sample', 'none', '--no-worker'],
    {
      env: { ...process.env, DATABASE_URL: database.url, ATLAS_HOME: home, PORT: '0', LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  processes.push(child)
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /the API at (\S+)\)/.exec(line)?.at(1)
    if (address) return address
  }
  throw new Error('The server ended before it was served.')
}

const CREATE = graphql(`
  mutation CreateOne($input: CreatePartitionInput!) {
    createPartition(input: $input) {
      job {
        id
      }
    }
  }
`)

const FOLLOW = graphql(`
  subscription FollowOne($id: ID!) {
    jobProgress(id: $id) {
      state
      done
      total
    }
  }
`)

it('tells on one server how a job goes that was asked of the other', async () => {
  const [a, b] = servers.map((url) => connect({ url, webSocket: WebSocket }))
  const { createPartition } = await a.query(CREATE, {
    input: { network: 'one', dataset: 'points', fromLayer: 0, toLayer: 1 },
  })
  const id = createPartition.job?.id ?? ''
  const states: string[] = []
  let last = { done: 0, total: 0 }
  for await (const { jobProgress } of b.subscribe(FOLLOW, { id })) {
    states.push(jobProgress.state)
    last = { done: jobProgress.done, total: jobProgress.total ?? 0 }
  }
  expect(states.at(-1)).toBe('SUCCEEDED')
  expect(states.filter((state) => state === 'SUCCEEDED')).toHaveLength(1)
  expect(last).toEqual({ done: 2 * SAMPLES, total: 2 * SAMPLES })
  await Promise.all([a.close(), b.close()])
}, 60_000)

const NEIGHBORS = graphql(`
  mutation NeighborsOfOne($input: ComputeNeighborsInput!) {
    computeNeighbors(input: $input) {
      job {
        id
      }
    }
  }
`)

it('works on different networks at once, on one network in turn', async () => {
  const [a, b] = servers.map((url) => connect({ url, webSocket: WebSocket }))
  await partitionOf(a, 'one')
  await partitionOf(b, 'two')
  const neighbors = async (atlas: Atlas, network: string, k: number) =>
    atlas.query(NEIGHBORS, { input: { partition: `${network}/0..1@points`, k } })
  // Two servers answer, each for its own; the queue is one.
  const asked = [await neighbors(a, 'one', 4), await neighbors(b, 'one', 5), await neighbors(b, 'two', 4)]
  const [first, second, other] = await Promise.all(
    asked.map(({ computeNeighbors }) => timesOf(computeNeighbors.job.id)),
  )
  expect(overlap(first, second)).toBe(false)
  // A worker runs one job at a time, so that two at once are those of two workers.
  expect(overlap(first, other) || overlap(second, other)).toBe(true)
  await Promise.all([a.close(), b.close()])
}, 120_000)

/** Asks for a partition and waits until it is there. */
async function partitionOf(atlas: Atlas, network: string): Promise<void> {
  const input = { network, dataset: 'points', fromLayer: 0, toLayer: 1 }
  const { createPartition } = await atlas.query(CREATE, { input })
  if (createPartition.job) await timesOf(createPartition.job.id)
}

interface Times {
  from: number
  to: number
}

const overlap = (x: Times, y: Times) => x.from < y.to && y.from < x.to

/** When a job ran that must succeed. */
async function timesOf(globalId: string): Promise<Times> {
  const id = Buffer.from(globalId, 'base64url').toString().replace('Job:', '')
  const { state, startedAt, finishedAt } = await finalJob(db, id)
  expect(state).toBe('SUCCEEDED')
  return { from: startedAt?.getTime() ?? Number.NaN, to: finishedAt?.getTime() ?? Number.NaN }
}
