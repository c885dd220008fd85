import { beforeAll, describe, expect, it } from 'vitest'
import { useDatabase } from '../support/database.ts'
import { atlasHere, atlasJson, writePointsCsv, writeQuadrantsNetwork } from './atlas.ts'

const database = useDatabase()
const run = (...args: string[]) => atlasHere(database.url, args)
const json = (...args: string[]) => atlasJson(database.url, args, '', atlasHere)

const PATH = 'quadrants/0..0@points/map:2:7'

beforeAll(async () => {
  await json('import', 'network', await writeQuadrantsNetwork('quadrants'))
  await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
  await json('partition', 'quadrants', 'points', '--layers', '0')
})

describe('atlas map', () => {
  it('places the regions, once, and shows the map', async () => {
    const map = { kind: 'embedding', path: PATH, regionCount: 4, neighbors: 2, seed: 7 }
    const args = ['map', 'quadrants/0@points', '--neighbors', '2', '--seed', '7']
    expect(await json(...args)).toMatchObject({
      job: { kind: 'embed', state: 'SUCCEEDED', done: 8, total: 8 },
      embedding: map,
    })
    expect(await json(...args)).toMatchObject({ job: null, embedding: map })
    expect(await json('show', PATH)).toMatchObject(map)
    const { stdout } = await run('show', PATH)
    expect(stdout).toMatch(new RegExp(`^map +${PATH}$`, 'm'))
    expect(stdout).toMatch(/^regions +4$/m)
  })

  it.each([
    [['map', 'quadrants/1@points'], 'UNKNOWN_PARTITION'],
    [['map', 'quadrants/0@points', '--neighbors', '1'], 'BAD_ARGUMENT'],
    [['show', 'quadrants/0@points/map:3:1'], 'UNKNOWN_EMBEDDING'],
  ])('refuses atlas %j with %s', async (args, text) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(text)
  })
})
