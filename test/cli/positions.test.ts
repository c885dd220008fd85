// Positions and tokens from the command line.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDatabase } from '../support/database.ts'
import { atlasHere, atlasJson, folder, writePointsCsv, writeQuadrantsNetwork } from './atlas.ts'

const { url } = useDatabase()
const json = (...args: string[]) => atlasJson(url, args, '', atlasHere)

describe('the command line', () => {
  beforeAll(async () => {
    await json('import', 'network', await writeQuadrantsNetwork('quadrants'))
    await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
  })

  it('takes positions by --skip and --every, or one by --at', async () => {
    const args = ['partition', 'quadrants', 'points', '--layers', '1']
    expect(await json(...args, '--skip', '0', '--every', '2')).toMatchObject({
      partition: { path: 'quadrants/1..1@points~positions:0+2', siteCount: 8 },
    })
    expect(await json(...args, '--at', '0')).toMatchObject({
      partition: { path: 'quadrants/1..1@points~positions:0', regionCount: 2 },
    })
  })

  it('reads token ids with --vocabulary', async () => {
    const vocabulary = join(folder, 'vocabulary.json')
    const ids = join(folder, 'ids.csv')
    await writeFile(vocabulary, '["<s>", "Ġone", "Ġtwo"]')
    await writeFile(ids, '0,1,2\n0,2,2\n')
    const imported = await json('import', 'dataset', ids, '--name', 'tokens', '--vocabulary', vocabulary)
    expect(imported).toMatchObject({ name: 'tokens', vocabularySize: 3 })
    expect(await json('show', 'tokens/1')).toMatchObject({ text: '<s> two two' })
  })
})
