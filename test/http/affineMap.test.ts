import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { useAtlas } from '../graphql/support/atlas.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points', 'tokens/0@points~positions'] })
let server: HttpServer
let origin: string

beforeAll(async () => {
  const uploads = join(tmpdir(), 'atlas-unused')
  server = await startServer(atlas.db, { port: 0, host: '127.0.0.1', uploads }, pino({ level: 'silent' }))
  origin = new URL(server.url).origin
})

afterAll(() => server.close())

const region = z.object({
  partition: z.object({
    regions: z.object({
      nodes: z.tuple([
        z.object({
          path: z.string(),
          affineMap: z.object({ matrix: z.array(z.array(z.number())), bias: z.array(z.number()) }),
        }),
      ]),
    }),
  }),
})

describe('GET /regions/<path>/affine-map.npy', () => {
  it('is A with b as its last column, float64, as NumPy writes it', async () => {
    const found = await atlas.ask(
      '{ partition(path: "mlp-a/0..1@points") { regions(first: 1) { nodes { path affineMap(full: true) { matrix bias } } } } }',
    )
    const [{ path, affineMap }] = region.parse(found).partition.regions.nodes
    const response = await fetch(`${origin}/regions/${path}/affine-map.npy`)
    expect(response.status).toBe(200)
    const file = Buffer.from(await response.arrayBuffer())
    expect(file.subarray(0, 8)).toEqual(Buffer.from('\x93NUMPY\x01\x00', 'latin1'))
    const begin = 10 + file.readUInt16LE(8)
    expect(begin % 64).toBe(0)
    expect(file.toString('latin1', 10, begin).trimEnd()).toBe(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 7), }",
    )
    const values = Array.from({ length: 28 }, (_, i) => file.readDoubleLE(begin + 8 * i))
    expect(file.length).toBe(begin + 8 * 28)
    expect(values).toEqual(affineMap.matrix.flatMap((row, i) => [...row, affineMap.bias[i]]))
    const again = (etag: string) =>
      fetch(`${origin}/regions/${path}/affine-map.npy`, { headers: { 'if-none-match': etag } })
    expect((await again(response.headers.get('etag') ?? '')).status).toBe(304)
    expect((await again('"another"')).status).toBe(200)
  })

  it.each([
    ['mlp-a/0..1@points/00000000000000000000000000000000', 404, 'UNKNOWN_REGION'],
    ['nobody/0..1@points/00000000000000000000000000000000', 404, 'UNKNOWN_REGION'],
    ['mlp-a/0..1@points', 404, 'UNKNOWN_REGION'],
    ['..%2F..%2Fetc', 404, 'BAD_PATH'],
  ])('of %s is %i', async (path, status, code) => {
    const response = await fetch(`${origin}/regions/${path}/affine-map.npy`)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  })

  it('says why a region has none', async () => {
    const first = z.object({
      partition: z.object({ regions: z.object({ nodes: z.tuple([z.object({ path: z.string() })]) }) }),
    })
    const query = '{ partition(path: "tokens/0@points~positions") { regions(first: 1) { nodes { path } } } }'
    const [{ path }] = first.parse(await atlas.ask(query)).partition.regions.nodes
    const response = await fetch(`${origin}/regions/${path}/affine-map.npy`)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_WHOLE_INPUT' } }] })
  })
})
