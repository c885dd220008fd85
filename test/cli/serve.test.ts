import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useDatabase } from '../support/database.ts'
import { atlasJson, finish, home, startAtlas, stderrSays, writeQuadrantsNetwork } from './atlas.ts'

const database = useDatabase()

it('serves until it is told to stop; queries find the server through ATLAS_HOME', async () => {
  const server = startAtlas(database.url, ['serve', '--sample', 'none', '--no-worker'])
  const result = finish(server)
  await stderrSays(server, 'is served at')
  await atlasJson(database.url, ['import', 'network', await writeQuadrantsNetwork('quadrants')])
  // Without DATABASE_URL, and with no embedded Postgres in this ATLAS_HOME: only the server can know.
  expect(await atlasJson('', ['query', '-'], '{ networks { nodes { name } } }')).toEqual({
    data: { networks: { nodes: [{ name: 'quadrants' }] } },
  })
  expect(existsSync(join(home, 'postgres'))).toBe(false)
  server.kill('SIGINT')
  const { code, stderr } = await result
  expect(stderr).toContain('Stopping.')
  expect(code).toBe(0)
  expect(existsSync(join(home, 'server.json'))).toBe(false)
})
