import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, graphql, AtlasRequestError } from 'polytope-atlas/client'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { startWorker, type Worker } from '#atlas/src/jobs/worker.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { useDatabase } from '../support/database.ts'
import { buildMlp } from '../support/onnx.ts'

const database = useDatabase()
let db: Database
let server: HttpServer
let worker: Worker
let folder: string
let atlas: ReturnType<typeof connect>

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  folder = await mkdtemp(join(tmpdir(), 'atlas-client-'))
  server = await startServer(db, { port: 0, host: '127.0.0.1', uploads: folder }, pino({ level: 'silent' }))
  worker = await startWorker(database.url, () => undefined)
  atlas = connect({ url: server.url, webSocket: WebSocket })
})

afterAll(async () => {
  await atlas.close()
  await worker.stop()
  await server.close()
  await db.close()
  await rm(folder, { recursive: true })
})

const ImportNetwork = graphql(`
  mutation ($input: ImportNetworkInput!) {
    importNetwork(input: $input) {
      network {
        ...Named
      }
    }
  }
  fragment Named on Network {
    name
    layers {
      unitCount
    }
  }
`)

const Networks = graphql(`
  {
    networks {
      totalCount
    }
  }
`)

const Progress = graphql(`
  subscription ($id: ID!) {
    jobProgress(id: $id) {
      state
    }
  }
`)

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof AtlasRequestError ? error.code : error),
  )

describe('the published client', () => {
  it('uploads, changes and asks', async () => {
    const file = await atlas.upload(Uint8Array.from(buildMlp({ sizes: [4, 5, 3], seed: 1 })))
    const { importNetwork } = await atlas.query(ImportNetwork, { input: { name: 'mine', file } })
    expect(importNetwork.network).toEqual({ name: 'mine', layers: [{ unitCount: 5 }] })
    expect((await atlas.query(Networks)).networks.totalCount).toBe(1)
  })

  it('follows a job to its end', async () => {
    const file = await atlas.upload(new Blob(['a,b,label\n1,2,0\n3,4,1\n']))
    const Import = graphql(`
      mutation ($input: ImportDatasetInput!) {
        importDataset(input: $input) {
          job {
            id
          }
        }
      }
    `)
    const { importDataset } = await atlas.query(Import, { input: { name: 'points', file } })
    const states: string[] = []
    for await (const { jobProgress } of atlas.subscribe(Progress, { id: importDataset.job.id }))
      states.push(jobProgress.state)
    expect(states.at(-1)).toBe('SUCCEEDED')
  })

  it('throws what the atlas refuses, by its code', async () => {
    expect(await codeOf(atlas.query(ImportNetwork, { input: { name: 'x', file: 'none' } }))).toBe(
      'UNKNOWN_FILE',
    )
    expect(await codeOf(atlas.upload(new Blob([])))).toBe('EMPTY_FILE')
    const follow = async () => {
      for await (const { jobProgress } of atlas.subscribe(Progress, { id: 'none' })) throw jobProgress
    }
    expect(await codeOf(follow())).toBe('BAD_ID')
  })

  it('says that nobody is there, or somebody else', async () => {
    const other = createServer((_request, response) => response.end('<html>'))
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/graphql`
    expect(await codeOf(connect({ url }).query(Networks))).toBe('NOT_AN_ATLAS')
    await new Promise((closed) => other.close(closed))
    expect(await codeOf(connect({ url }).query(Networks))).toBe('UNREACHABLE')
  })

  it('breaks off by a signal', async () => {
    const signal = AbortSignal.abort()
    await expect(atlas.query(Networks, {}, { signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('types what a document asks for', async () => {
    const Names = graphql('query ($first: Int!) { networks(first: $first) { nodes { name } } }')
    const { networks } = await atlas.query(Names, { first: 3 })
    const names: string[] = networks.nodes.map(({ name }) => name)
    expect(names).toEqual(['mine'])
    // @ts-expect-error The document does not ask for the path.
    expect(networks.nodes[0].path).toBeUndefined()
    // @ts-expect-error A variable that must be given cannot be left out.
    expect(await codeOf(atlas.query(Names))).toBe('BAD_USER_INPUT')
  })
})
