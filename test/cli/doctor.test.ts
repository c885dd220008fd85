import { expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase, withClient } from '../support/database.ts'
import { atlas, atlasJson } from './atlas.ts'

const db = useDatabase()

const NOWHERE = 'postgres://nobody@127.0.0.1:1/none'

it('says what computes and what stores', async () => {
  const report = z.object({
    machine: z.object({ node: z.literal(process.version), cores: z.number().min(1), memory: z.number() }),
    compute: z.object({
      kernels: z.object({
        name: z.enum(['wasm', 'native', 'cuda']),
        device: z.string(),
        fallback: z.string().nullable(),
      }),
      inference: z.string().startsWith('ONNX Runtime 1.'),
    }),
    database: z.object({
      where: z.literal('DATABASE_URL'),
      version: z.string().regex(/^\d+/),
      bytes: z.number(),
    }),
    access: z.object({ mode: z.literal('open'), host: z.literal('127.0.0.1'), port: z.literal(0) }),
    keys: z.literal(0),
    workers: z.literal(0),
    queued: z.literal(0),
    running: z.literal(0),
  })
  const { database } = report.parse(await atlasJson(db.url, ['doctor']))
  expect(database.bytes).toBeGreaterThan(1e6)
})

it('says that jobs wait where no worker is alive', async () => {
  await withClient(db.url, (client) =>
    client.query(`insert into job (id, kind, payload) values (gen_random_uuid(), 'partition', '{}')`),
  )
  const { stdout } = await atlas(db.url, ['doctor'])
  expect(stdout).toMatch(/^queue +1 queued, 0 running, 0 workers\n +Jobs wait and no worker is alive/m)
})

it('says of a database that is away what to do, and the rest nevertheless', async () => {
  const { code, stdout, stderr } = await atlas(NOWHERE, ['doctor'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^Node +v/m)
  expect(stdout).toMatch(/^kernels +(wasm|native|cuda): /m)
  expect(stdout).not.toMatch(/^database/m)
  expect(stderr).toContain('DATABASE_UNREACHABLE')
})
