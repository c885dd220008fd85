// Two checkpoints of the quadrants, between which one of the eight points changes its quadrant.
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase, withClient } from '../support/database.ts'
import { atlasHere, atlasJson, writePointsCsv, writeQuadrantsNetwork } from './atlas.ts'

const database = useDatabase()
const run = (...args: string[]) => atlasHere(database.url, args)
const json = (...args: string[]) => atlasJson(database.url, args, '', atlasHere)

beforeAll(async () => {
  await json('import', 'network', await writeQuadrantsNetwork('early'))
  // Only the point (2, 0.5) has a y between 0 and 0.6.
  await json('import', 'network', await writeQuadrantsNetwork('late', [0, -0.6]))
  await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
})

const CREATE = ['series', 'create', 'run', 'early@0', 'late@1000', '--description', 'Two steps.']
const members = [
  { step: 0, network: 'early' },
  { step: 1000, network: 'late' },
]

describe('atlas series', () => {
  it('makes a series, and shows and lists it', async () => {
    expect(await json(...CREATE)).toMatchObject({
      series: { path: 'run', name: 'run', description: 'Two steps.', members },
    })
    expect(await json('show', 'run')).toMatchObject({ kind: 'series', name: 'run', members, trainings: [] })
    expect(await json('list', 'series')).toMatchObject({
      series: { totalCount: 1, nodes: [{ name: 'run', members }] },
    })
  })

  it('shows its steps on the datasets of which all codes are stored', async () => {
    await json('partition', 'early', 'points')
    await json('partition', 'late', 'points', '--layers', '1')
    expect(await json('show', 'run')).toMatchObject({ trainings: [] })
    await json('partition', 'late', 'points')
    // Of 24 bits one flips. Of the regions {0, 1, 6}, {2, 7}, {3, 4} and {5} the first gives 1 to the last.
    const change = { rate: 1 / 24, sharedCodeCount: 4, regions: 3, survivingRegions: 2, agreement: 1 }
    expect(await json('show', 'run')).toMatchObject({
      trainings: [
        { dataset: 'points', steps: [{ from: 0, to: 1000, regionCount: 4, change, sinceFirst: change }] },
      ],
    })
    const { code, stdout } = await run('show', 'run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^series +run$/m)
    expect(stdout).toMatch(/^1,000 +late$/m)
    expect(stdout).toMatch(/^Steps on points, all layers$/m)
    expect(stdout).toMatch(/^ +0 +1,000 +4 +4\.167 % +4\.167 % +2 of 3 +4 +100 % +100 %$/m)
  })

  it('tells why the steps on a dataset are not shown', async () => {
    const count = (inputCount: number) =>
      `update dataset set input_count = ${inputCount}, chunk_size = ${inputCount} where name = 'points'`
    await withClient(database.url, (client) => client.query(count(2 ** 29 + 1)))
    expect((await run('show', 'run')).stdout).toMatch(
      /^The codes of 536870913 inputs take 1073741826 bytes, more than/m,
    )
    await withClient(database.url, (client) => client.query(count(8)))
  })

  it.each([
    [CREATE, 'NAME_TAKEN'],
    [['series', 'create', 'other', 'early@0'], 'BAD_ARGUMENT'],
    [['series', 'create', 'other', 'late@1000', 'early@0'], 'BAD_ARGUMENT'],
    [['series', 'create', 'other', 'early@0', 'nobody@1'], 'UNKNOWN_NETWORK'],
    [['show', 'run/0'], 'BAD_PATH'],
    [['delete', 'early', '--yes'], 'IN_USE'],
    [['delete', 'run'], 'CONFIRMATION_NEEDED'],
    [['matrix', 'early/0..1@points', 'nobody/0..1@points'], 'UNKNOWN_PARTITION'],
    [['matrix', 'early/0..1@points'], 'BAD_ARGUMENT'],
  ])('refuses atlas %j with %s', async (args, code) => {
    const result = await run(...args)
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^error ${code}: `))
  })
})

describe('atlas matrix', () => {
  const PATHS = ['early/0..1@points', 'late/0..1@points', 'late/1..1@points']
  const matrix = z.object({ values: z.array(z.array(z.number().nullable())) })

  it('shows what is compared, and how to compare the rest', async () => {
    await json('compare', PATHS[1], PATHS[0])
    const answer = await json('matrix', ...PATHS, '--metric', 'variation-of-information')
    expect(answer).toMatchObject({
      metric: 'VARIATION_OF_INFORMATION',
      partitions: PATHS,
      missing: [
        { a: PATHS[0], b: PATHS[2] },
        { a: PATHS[1], b: PATHS[2] },
      ],
    })
    // H(late|early): the region of three falls in 2 and 1; H(early|late): {1, 5} in 1 and 1.
    const expected = (3 * (Math.log2(3) - 2 / 3) + 2) / 8
    const { values } = matrix.parse(answer)
    expect(values[0][1]).toBeCloseTo(expected, 12)
    expect(values).toEqual([[null, values[0][1], null], [values[0][1], null, null], [null, null, null]]) // prettier-ignore
    const { stdout } = await run('matrix', ...PATHS, '--metric', 'VARIATION_OF_INFORMATION')
    expect(stdout).toMatch(/^variation of information$/m)
    expect(stdout).toMatch(/^1 +early\/0\.\.1@points +- +0\.594 +-$/m)
    expect(stdout).toMatch(
      /^Pairs not compared: 2, the first by `atlas compare early\/0\.\.1@points late\/1\.\.1@points`\.$/m,
    )
  })

  it('shows the adjusted mutual information unless told, and no note where nothing is missing', async () => {
    const { stdout } = await run('matrix', PATHS[0], PATHS[1])
    expect(stdout).toMatch(/^adjusted mutual information$/m)
    expect(stdout).not.toMatch(/not compared/)
  })
})

describe('atlas delete', () => {
  it('deletes a series and leaves its networks', async () => {
    expect(await json('delete', 'run', '--yes')).toEqual({ deleted: { kind: 'series', name: 'run' } })
    expect(await json('list', 'networks')).toMatchObject({ networks: { totalCount: 2 } })
    expect((await run('show', 'run')).stderr).toMatch(/^error UNKNOWN_PATH: /)
    expect(await json('delete', 'early', '--yes')).toMatchObject({
      deleted: { kind: 'network', name: 'early' },
    })
  })
})
