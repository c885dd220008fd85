import { expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase } from '../support/database.ts'
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
  })
  const { database } = report.parse(await atlasJson(db.url, ['doctor']))
  expect(database.bytes).toBeGreaterThan(1e6)
})

it('says of a database that is away what to do, and the rest nevertheless', async () => {
  const { code, stdout, stderr } = await atlas(NOWHERE, ['doctor'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^Node +v/m)
  expect(stdout).toMatch(/^kernels +(wasm|native|cuda): /m)
  expect(stdout).not.toMatch(/^database/m)
  expect(stderr).toContain('DATABASE_UNREACHABLE')
})
