// The commands one after the other, as a user gives them, on data whose regions are known.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase, withClient } from '../support/database.ts'
import {
  atlas,
  atlasHere,
  atlasJson,
  folder,
  quadrants,
  writePointsCsv,
  writeQuadrantsNetwork,
} from './atlas.ts'

const database = useDatabase()
const run = (...args: string[]) => atlasHere(database.url, args)
const json = (...args: string[]) => atlasJson(database.url, args, '', atlasHere)

const rowsOf = async (statement: string): Promise<unknown[]> =>
  (await withClient(database.url, (client) => client.query(statement))).rows

let network = ''
let data = ''

beforeAll(async () => {
  network = await writeQuadrantsNetwork('quadrants')
  data = await writePointsCsv('points')
  await json('import', 'network', network, '--description', 'signs of x and y', '--tag', 'tiny', 'test')
  await json('import', 'dataset', data, '--label-column', 'label', '--class-names', 'right,left')
  await json('partition', 'quadrants', 'points', '--layers', '0')
  await json('partition', 'quadrants', 'points')
  await json('neighbors', 'quadrants/0@points', '-k', '2')
})

describe('import', () => {
  it('takes names from the file names, and stores what it was told', async () => {
    expect(await json('list', 'networks')).toMatchObject({
      networks: {
        totalCount: 1,
        nodes: [
          {
            path: 'quadrants',
            description: 'signs of x and y',
            tags: ['tiny', 'test'],
            parameterCount: 13,
            inputShape: [2],
            outputShape: [2],
            exactness: 'PIECEWISE_AFFINE',
          },
        ],
      },
    })
    expect(await json('list', 'datasets')).toMatchObject({
      datasets: {
        totalCount: 1,
        nodes: [{ path: 'points', inputCount: 8, shape: [2], classNames: ['right', 'left'] }],
      },
    })
  })

  it('leaves nothing of a file that is no network', async () => {
    const bad = join(folder, 'bad.onnx')
    await writeFile(bad, 'no network at all')
    const { code, stdout, stderr } = await run('import', 'network', bad)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error [A-Z_]+: \S/)
    expect(await rowsOf('select sha256 from file except select sha256 from network')).toEqual([])
  })

  it('keeps the file of a network whose bytes come again under another name', async () => {
    const { code, stderr } = await run('import', 'network', network, '--name', 'again')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error NETWORK_EXISTS: .*"quadrants"/)
    expect(await rowsOf('select 1 from file')).toHaveLength(1)
  })

  it.each([
    [['import', 'network', join(folder, 'none.onnx')], 'FILE_NOT_FOUND'],
    [['import', 'network', folder], 'NOT_A_FILE'],
    [['import', 'dataset', join(folder, 'none.csv')], 'FILE_NOT_FOUND'],
    [['import', 'dataset', join(folder, 'points.csv')], 'NAME_TAKEN'],
    [['import', 'dataset', join(folder, 'points.csv'), '--name', 'Two Words'], 'BAD_NAME'],
  ])('refuses atlas %j with %s', async (args, code) => {
    const result = await run(...args)
    expect(result.code).toBe(1)
    expect(result.stderr.split('\n').find((line) => line.startsWith('error '))).toMatch(
      new RegExp(`^error ${code}: `),
    )
  })
})

describe('partition, neighbors', () => {
  it('finds the quadrants', async () => {
    expect(
      await rowsOf(`select encode(c.bits, 'hex') as code,
          (select array_agg(m.input_index order by m.input_index) from membership m
           where m.partition_id = r.partition_id and m.region = r.index) as members,
          r.labels, r.label_counts as "labelCounts"
        from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
        join partition p on p.id = r.partition_id where p.to_layer = 0 order by r.index`),
    ).toEqual(quadrants)
  })

  it('is done at once the second time, without a job', async () => {
    expect(await json('partition', 'quadrants', 'points', '--layers', 'all')).toMatchObject({
      job: null,
      partition: { path: 'quadrants/0..1@points', bitCount: 3, siteCount: 8 },
    })
  })

  it('tells people what came out', async () => {
    const { code, stdout, stderr } = await run('neighbors', 'quadrants/0@points', '-k', '2')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^partition +quadrants\/0\.\.0@points$/m)
    expect(stdout).toMatch(/^regions +4$/m)
    expect(stdout).toMatch(/^neighbours +2 a region$/m)
    expect(stderr).toContain('neighbors quadrants/0@points')
    expect(stderr + stdout).not.toContain('\u001b')
  })

  it('computes one code a position with --per-position', async () => {
    expect(await json('partition', 'quadrants', 'points', '--layers', '1', '--per-position')).toMatchObject({
      job: { state: 'SUCCEEDED', done: 16, total: 16 },
      partition: { path: 'quadrants/1..1@points~positions', regionCount: 2 },
    })
  })

  it.each([
    [['partition', 'quadrants', 'none'], 'UNKNOWN_DATASET'],
    [['partition', 'quadrants', 'points', '--layers', '1..2'], 'BAD_SPAN'],
    [['neighbors', 'quadrants/1@points'], 'UNKNOWN_PARTITION'],
    [['neighbors', 'quadrants/0@points', '-k', '1000'], 'BAD_ARGUMENT'],
    [['facets', 'quadrants/1@points'], 'UNKNOWN_PARTITION'],
    [['facets', `quadrants/0@points/${'0'.repeat(32)}`], 'UNKNOWN_REGION'],
    [['facets', 'quadrants'], 'BAD_PATH'],
    [['cancel', 'no-job'], 'UNKNOWN_JOB'],
    [['delete', 'quadrants'], 'CONFIRMATION_NEEDED'],
    [['delete', 'quadrants/0@points', '--yes'], 'BAD_PATH'],
    [['list', 'regions'], 'BAD_ARGUMENT'],
    [['show', 'none'], 'UNKNOWN_PATH'],
    [['show', 'quadrants/2'], 'UNKNOWN_LAYER'],
    [['show', 'points/8'], 'UNKNOWN_INPUT'],
    [['show', `quadrants/0@points/${'0'.repeat(32)}`], 'UNKNOWN_REGION'],
  ])('refuses atlas %j with %s', async (args, code) => {
    const result = await run(...args)
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^error ${code}: `))
  })
})

describe('facets', () => {
  it('finds the axes, and the sides of the box', async () => {
    const path = 'quadrants/0..0@points'
    expect(await json('facets', path, '--box', '-5,5', '--limit', '3')).toMatchObject({
      job: { kind: 'facets', state: 'SUCCEEDED', done: 3, total: 3 },
      partition: { path, polytopeCount: 3 },
    })
    const { biggestRegions } = z
      .object({ biggestRegions: z.array(z.object({ path: z.string() })) })
      .parse(await json('show', path))
    const [right] = biggestRegions
    // Its exemplar is (3, 1).
    expect(await json('show', right.path)).toMatchObject({
      code: '03',
      polytope: {
        ...{ facetCount: 4, boxFacetCount: 2, inradius: 2.5, complete: true, chebyshevCenter: [2.5, 2.5] },
        box: { lower: [-5], upper: [5] },
        nearestFacets: [
          { layer: 0, unit: 1, position: 0, offset: 1, distance: 1, region: { memberCount: 1 } },
          { layer: 0, unit: 0, position: 0, offset: 3, distance: 1, region: { memberCount: 2 } },
        ],
      },
    })
    const { stdout } = await run('show', right.path)
    expect(stdout).toMatch(/^facets +4, 2 of them sides of the box$/m)
    expect(stdout).toMatch(/^inradius +2\.5$/m)
    expect(stdout).toMatch(/^ +0 +1 +0 +1\.00 +1 +1 +quadrants\/0\.\.0@points\/[0-9a-f]{32}$/m)
    expect((await run('show', path)).stdout).toMatch(/^facets +of 3 regions$/m)
  })

  it('finds those of one region, across one of which a unit of the next layer switches too', async () => {
    const [row] = z.array(z.object({ hash: z.string() })).parse(
      await rowsOf(`select replace(r.code_hash::text, '-', '') as hash from region r
          join partition p on p.id = r.partition_id where p.to_layer = 1 and p.from_layer = 0
            and r.active_bit_count = 0`),
    )
    const path = `quadrants/0..1@points/${row.hash}`
    const refused = await run('facets', path, '--limit', '1')
    expect(refused.stderr).toMatch(/^error BAD_ARGUMENT: /)
    // Its exemplar is (-1, -1). Where x grows above 0, so does max(x, 0) - max(y, 0), which is 0 before.
    expect(await json('facets', path)).toMatchObject({
      region: {
        path,
        polytope: {
          ...{ facetCount: 2, inradius: null, chebyshevCenter: null, box: null },
          nearestFacets: [
            { layer: 0, unit: 0, offset: 1, distance: 2, region: { memberCount: 1 } },
            { layer: 0, unit: 1, offset: 1, distance: 1, region: { memberCount: 2 } },
          ],
        },
      },
    })
    expect((await run('show', path)).stdout).toMatch(/^inradius +unbounded$/m)
  })
})

describe('compare', () => {
  it('compares the quadrants with the whole network', async () => {
    // Layer 1's bit splits no quadrant of these points: the two partitions are the same cut.
    expect(await json('compare', 'quadrants/0@points', 'quadrants/0..1@points')).toMatchObject({
      job: { kind: 'compare', state: 'SUCCEEDED' },
      comparison: { siteCount: 8, adjustedRandIndex: 1, variationOfInformation: 0, agreement: 1 },
    })
    const { stdout } = await run('compare', 'quadrants/0@points', 'quadrants/0..1@points')
    expect(stdout).toMatch(/^adjusted Rand index +1 /m)
  })
})

describe('enumerate', () => {
  // The quadrants, the first of which the diagonal cuts in two. The third has two neighbours, though layer 1's unit is
  // dead there and wakes up across the boundary to the fourth.
  const complex = {
    network: 'quadrants',
    toLayer: 1,
    lower: [-2, -2],
    upper: [2, 2],
    regionCount: 5,
    frontierCount: 0,
    complete: true,
    degrees: [{ degree: 2, regionCount: 5 }],
  }

  it('finds all regions of a box, and shows them', async () => {
    const answer = await json('enumerate', 'quadrants', '--lower', '-2', '--upper', '2,2')
    expect(answer).toMatchObject({
      job: { kind: 'enumerate', state: 'SUCCEEDED', done: 5, total: 5 },
      complex,
    })
    const { path } = z.object({ complex: z.object({ path: z.string() }) }).parse(answer).complex
    const again = await run('enumerate', 'quadrants', '--lower', '-2', '--upper', '2')
    expect(again.stdout).toMatch(/^regions +5, all of the box$/m)
    const shown = await json('show', path)
    expect(shown).toMatchObject({ kind: 'complex', path, ...complex })
    const { widestRegions } = z
      .object({ widestRegions: z.array(z.object({ path: z.string(), inradius: z.number() })) })
      .parse(shown)
    // Squares of side 2, then halves of one: right triangles with legs of 2.
    expect(widestRegions.map(({ inradius }) => inradius)).toEqual(
      [1, 1, 1, 2 - Math.SQRT2, 2 - Math.SQRT2].map((radius) => expect.closeTo(radius, 12)),
    )
    const region = await run('show', widestRegions[4].path)
    expect(region.stdout).toMatch(/^layer 1, unit 0 +0\.586 +\d$/m)
    expect(region.stdout).toMatch(/^upper side of axis [01] +0\.586$/m)
  })

  it('reads only part of it where told, and says so', async () => {
    const { stdout } = await run('enumerate', 'quadrants', '--lower', '-3', '--upper', '3', '--limit', '2')
    expect(stdout).toMatch(/^regions +2$/m)
    expect(stdout).toMatch(/^found besides +[12], not enumerated$/m)
  })

  it.each([
    [['--lower', '1', '--upper', '-1'], 1, 'BAD_BOX'],
    [['--lower', '0,1,2', '--upper', '5'], 1, 'BAD_BOX'],
    [['--lower', '0', '--upper', '1', '--to-layer', '2'], 1, 'BAD_SPAN'],
    [['--lower', 'a', '--upper', '1'], 2, 'Give numbers'],
    [['--upper', '1'], 2, '--lower'],
  ])('refuses %j', async (args, code, text) => {
    const result = await run('enumerate', 'quadrants', ...args)
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' })
    expect(result.stderr).toContain(text)
  })
})

describe('show', () => {
  it('shows a network with layers and partitions', async () => {
    const { stdout } = await run('show', 'quadrants')
    expect(stdout).toMatch(/^parameters +13$/m)
    expect(stdout).toMatch(/^quadrants\/0 +Relu +2 +1 +yes/m)
    expect(stdout).toMatch(/^quadrants\/0\.\.0@points +2 +8 +4 /m)
  })

  it('shows an input with its values and regions', async () => {
    const shown = await json('show', 'points/1')
    expect(shown).toMatchObject({ kind: 'input', label: 0, className: 'right', values: [2, 0.5] })
    expect(shown).toHaveProperty('regions')
    const { stdout } = await run('show', 'points/1')
    expect(stdout).toMatch(/^label +0 \(right\)$/m)
    expect(stdout).toMatch(/^values +2 0\.5$/m)
    expect(stdout).toMatch(/^quadrants\/0\.\.0@points\/[0-9a-f]{32} +3 +0\.667$/m)
  })

  it('shows a partition with its biggest regions, and a region by the path it gave', async () => {
    const shown = await json('show', 'quadrants/0@points')
    expect(shown).toMatchObject({
      path: 'quadrants/0..0@points',
      regionCount: 4,
      neighborCount: 2,
      // 3 of 8 points have 2:1 labels.
      labelEntropy: expect.closeTo((3 / 8) * 0.9182958340544896, 12),
    })
    const { biggestRegions } = z
      .object({ biggestRegions: z.array(z.object({ path: z.string() })) })
      .parse(shown)
    const [{ path }] = biggestRegions
    expect(await json('show', path)).toMatchObject({
      kind: 'region',
      path,
      code: '03',
      memberCount: 3,
      labelCounts: [
        { label: 0, count: 2 },
        { label: 1, count: 1 },
      ],
      members: [
        { path: 'points/0', label: 0 },
        { path: 'points/1', label: 0 },
        { path: 'points/6', label: 1 },
      ],
      // The quadrants left and below differ in one bit each.
      neighbors: [
        { distance: 1, memberCount: 2 },
        { distance: 1, memberCount: 1 },
      ],
    })
    const { stdout } = await run('show', path)
    expect(stdout).toMatch(/^labels +right: 2, left: 1$/m)
    expect(stdout).toContain('0 (right)  1 (right)  6 (left)')
  })

  it('shows a layer and a dataset', async () => {
    expect(await json('show', 'quadrants/1')).toMatchObject({ kind: 'layer', operator: 'Relu', unitCount: 1 })
    expect(await json('show', 'points')).toMatchObject({ kind: 'dataset', inputCount: 8 })
  })
})

describe('list', () => {
  it('lists everything, or the first of it and says so', async () => {
    expect(await json('list')).toMatchObject({
      networks: { totalCount: 1 },
      datasets: { totalCount: 1 },
      series: { totalCount: 0 },
      partitions: {
        nodes: expect.arrayContaining([expect.objectContaining({ path: 'quadrants/0..0@points' })]),
      },
      jobs: {
        nodes: expect.arrayContaining([expect.objectContaining({ kind: 'enumerate', state: 'SUCCEEDED' })]),
      },
    })
    const { stdout } = await run('list', 'jobs', '--first', '1')
    expect(stdout).toMatch(/\n1 of \d+; atlas list jobs --first \d+ shows all\n$/)
  })
})

describe('query', () => {
  it('answers in this process where no server runs', async () => {
    const query = 'query ($name: String!) { network(name: $name) { path layers { index unitCount } } }'
    const file = join(folder, 'query.graphql')
    await writeFile(file, query)
    const variables = '{"name": "quadrants"}'
    await writeFile(join(folder, 'variables.json'), variables)
    const answer = {
      data: {
        network: {
          path: 'quadrants',
          layers: [
            { index: 0, unitCount: 2 },
            { index: 1, unitCount: 1 },
          ],
        },
      },
    }
    expect(await json('query', file, '--variables', variables)).toEqual(answer)
    expect(
      await atlasJson(
        database.url,
        ['query', '-', '--variables', `@${join(folder, 'variables.json')}`],
        query,
      ),
    ).toEqual(answer)
  })

  it('prints GraphQL errors and ends with 1', async () => {
    const { code, stdout } = await atlas(database.url, ['query', '-'], '{ nonsense }')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toHaveProperty('errors')
  })

  it('refuses variables that are no object', async () => {
    const { code, stderr } = await atlas(database.url, ['query', '-', '--variables', '[1]'], '{ __typename }')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error BAD_VARIABLES: /)
  })
})
