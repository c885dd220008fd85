// Clusters of regions, and directions beside them, from the command line.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase, withClient } from '../support/database.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { atlasHere, atlasJson, folder, writePointsCsv, writeQuadrantsNetwork } from './atlas.ts'

const database = useDatabase()
const run = (...args: string[]) => atlasHere(database.url, args)
const json = (...args: string[]) => atlasJson(database.url, args, '', atlasHere)

const SMALLEST = ['--min-cluster-size', '2', '--min-samples', '1'] as const
const PATH = 'net/0..1@cloud/clusters:jaccard:2:1'

beforeAll(async () => {
  await json('import', 'network', await writeQuadrantsNetwork('quadrants'))
  await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
  await json('partition', 'quadrants', 'points', '--layers', '0')
  const random = uniform(5)
  const rows = Array.from({ length: 80 }, (_, i) => `${random() - 0.5},${random() - 0.5},${i % 2}`)
  await writeFile(join(folder, 'cloud.csv'), ['x,y,label', ...rows, ''].join('\n'))
  await writeFile(join(folder, 'net.onnx'), buildMlp({ sizes: [2, 16, 10, 2], seed: 2 }))
  await json('import', 'network', join(folder, 'net.onnx'))
  await json(
    'import',
    'dataset',
    join(folder, 'cloud.csv'),
    '--label-column',
    'label',
    '--class-names',
    'a,b',
  )
  await json('partition', 'net', 'cloud')
})

const clusterSchema = z.object({
  path: z.string(),
  regionCount: z.number(),
  memberCount: z.number(),
  purity: z.number(),
  labelCounts: z.array(z.object({ label: z.number(), count: z.number() })),
})

describe('atlas cluster', () => {
  it('finds groups of regions and shows them, and one of them with its regions', async () => {
    const { clustering } = z
      .object({
        clustering: z.looseObject({ clusterCount: z.number(), greatestClusters: z.array(clusterSchema) }),
      })
      .parse(await json('cluster', 'net/0..1@cloud', '--metric', 'jaccard', ...SMALLEST))
    expect(clustering).toMatchObject({ path: PATH, metric: 'JACCARD', minClusterSize: 2, minSamples: 1 })
    const [greatest] = clustering.greatestClusters
    expect(clustering.clusterCount).toBeGreaterThan(1)
    const { stdout } = await run('cluster', 'net/0..1@cloud', '--metric', 'jaccard', ...SMALLEST)
    expect(stdout).toMatch(new RegExp(`^clusters +${clustering.clusterCount}$`, 'm'))
    expect(stdout).toMatch(/^label entropy +\S+ bits, \S+ with labels at random$/m)
    expect(stdout).toMatch(
      new RegExp(`^${greatest.path} +${greatest.regionCount} +${greatest.memberCount} `, 'm'),
    )
    const { biggestRegions, ...shown } = z
      .looseObject({ biggestRegions: z.array(z.object({ path: z.string(), memberCount: z.number() })) })
      .parse(await json('show', greatest.path))
    expect(shown).toMatchObject({ kind: 'cluster', ...greatest })
    const counts = biggestRegions.map(({ memberCount }) => memberCount)
    expect(counts).toEqual([...counts].sort((x, y) => y - x))
    expect((await run('show', greatest.path)).stdout).toContain(biggestRegions[0].path)
  })

  it('of four codes on a ring says that all is noise: they come apart at once', async () => {
    const path = 'quadrants/0..0@points/clusters:hamming:2:1'
    expect(await json('cluster', 'quadrants/0@points', ...SMALLEST)).toMatchObject({
      job: { kind: 'cluster', state: 'SUCCEEDED', done: 8, total: 8 },
      clustering: { path, clusterCount: 0, noiseRegionCount: 4, noiseMemberCount: 8 },
    })
    expect(await json('cluster', 'quadrants/0@points', ...SMALLEST)).toMatchObject({ job: null })
    const { stdout } = await run('show', path)
    expect(stdout).toMatch(/^clusters +0$/m)
    expect(stdout).toMatch(/^noise +4 regions, 8 sites$/m)
  })

  it.each([
    [['cluster', 'quadrants/1@points'], 1, 'UNKNOWN_PARTITION'],
    [['cluster', 'quadrants/0@points'], 1, 'BAD_ARGUMENT'],
    [
      ['cluster', 'quadrants/0@points', '--metric', 'euclid'],
      2,
      'Allowed choices are hamming, jaccard, euclidean',
    ],
    [['show', 'quadrants/0@points/clusters:jaccard:2:1'], 1, 'UNKNOWN_CLUSTERING'],
    [['show', `${PATH}/999`], 1, 'UNKNOWN_CLUSTER'],
  ])('refuses atlas %j with %s %s', async (args, code, text) => {
    const result = await run(...args)
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' })
    expect(result.stderr).toContain(text)
  })
})

describe('atlas export', () => {
  const read = async (file: string) => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    return lines.map((line): unknown => JSON.parse(line))
  }
  const rows = (statement: string) =>
    withClient(database.url, async (client) => (await client.query<Record<string, unknown>>(statement)).rows)

  it('writes the clusters and what each region is in', async () => {
    const prefix = join(folder, 'clusters')
    const answer = await json('export', PATH, '--out', prefix)
    const [{ id }] = await rows("select id from clustering where metric = 'JACCARD'")
    const clusters =
      await rows(`select '${PATH}' as clustering, c.index as cluster, c.region_count as "regionCount",
      c.member_count as "memberCount", c.exemplar_region as "exemplarRegion", c.label, c.labels,
      c.label_counts as "labelCounts", c.label_entropy as "labelEntropy", c.purity, v.stability
      from cluster c join condensed_node v on v.clustering_id = c.clustering_id and v.cluster = c.index
      where c.clustering_id = ${String(id)} order by c.index`)
    const regions =
      await rows(`select '${PATH}' as clustering, m.region, replace(r.code_hash::text, '-', '') as "codeHash",
      r.member_count as "memberCount", m.cluster, m.probability, m.outlier_score as "outlierScore"
      from region_cluster m join clustering t on t.id = m.clustering_id
      join region r on r.partition_id = t.partition_id and r.index = m.region
      where m.clustering_id = ${String(id)} order by m.region`)
    expect(await read(`${prefix}.clusters.ndjson`)).toEqual(clusters)
    expect(await read(`${prefix}.regions.ndjson`)).toEqual(regions)
    expect(answer).toEqual({
      clustering: PATH,
      format: 'ndjson',
      clusters: { file: `${prefix}.clusters.ndjson`, rows: clusters.length },
      regions: { file: `${prefix}.regions.ndjson`, rows: regions.length },
    })
  })

  it('says that a clustering is not computed yet', async () => {
    await json('cluster', 'quadrants/0@points', '--min-cluster-size', '3', '--min-samples', '1', '--detach')
    const { code, stderr } = await run('export', 'quadrants/0@points/clusters:hamming:3:1')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error CLUSTERING_NOT_READY: /)
  })
})

describe('atlas directions', () => {
  it('shows regions and clusters beside directions, and those of a control', async () => {
    await json('cluster', 'net/0..1@cloud', '--metric', 'euclidean', '--min-cluster-size', '3')
    const control = ['--control', 'quadrants/0@points'] as const
    const found = z
      .object({
        directionSet: z.looseObject({
          monosemanticity: z.array(z.looseObject({ clustering: z.string().nullable() })),
        }),
        control: z.looseObject({ directionSet: z.looseObject({ path: z.string() }) }),
      })
      .parse(await json('directions', 'net/0..1@cloud', '--components', '2', ...control))
    const path = 'net/0..1@cloud/directions:2:1'
    expect(found.directionSet).toMatchObject({ kind: 'directions', path, dimensions: 26, components: 2 })
    const clusterings = found.directionSet.monosemanticity.map(({ clustering }) => clustering)
    expect(clusterings).toEqual([null, PATH, 'net/0..1@cloud/clusters:euclidean:3:3'])
    expect(found.control.directionSet.path).toBe('quadrants/0..0@points/directions:2:1')
    const { stdout } = await run('show', path)
    expect(stdout).toMatch(/^regions of two sites or more: \d+ sites$/m)
    expect(stdout).toMatch(/^clusters:euclidean:3:3: \d+ sites$/m)
    expect(stdout).toMatch(/^4 principal components +\S+ +\S+ +\S+ +\S+ +100 %$/m)
  })

  it.each([
    [['directions', 'net/0..1@cloud', '--components', '27'], 'BAD_ARGUMENT'],
    [['directions', 'net/1@points'], 'UNKNOWN_PARTITION'],
    [['show', 'net/0..1@cloud/directions:9:9'], 'UNKNOWN_DIRECTIONS'],
  ])('refuses atlas %j with %s', async (args, code) => {
    const result = await run(...args)
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain(code)
  })
})
