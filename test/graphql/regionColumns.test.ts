import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { statementChannel } from '#atlas/src/store/database.js'
import { useAtlas } from './support/atlas.ts'
import { floatsIn, integersIn } from './support/packed.ts'

const PARTITION = 'mlp-a/0..1@points'
const CLUSTERING = `${PARTITION}/clusters:hamming:2:1`

const atlas = useAtlas({ partitions: [PARTITION, 'mlp-b/0..1@points'], clusterings: [PARTITION] })

const regionSchema = z.object({
  id: z.string(),
  memberCount: z.number(),
  labelCounts: z.array(z.object({ label: z.number() })),
  labelEntropy: z.number(),
  activeBitCount: z.number(),
  cluster: z.object({ index: z.number() }).nullable(),
})
let regions: z.infer<typeof regionSchema>[] = []

beforeAll(async () => {
  const answer = await atlas.ask(`{ partition(path: "${PARTITION}") { regions(first: 500) { nodes {
    id memberCount labelCounts { label } labelEntropy activeBitCount cluster(clustering: "${CLUSTERING}") { index } } } } }`)
  const found = z.object({ partition: z.object({ regions: z.object({ nodes: z.array(regionSchema) }) }) })
  regions = found.parse(answer).partition.regions.nodes
  expect(regions.length).toBeGreaterThan(30)
})

async function columns(selection: string, path = PARTITION): Promise<Record<string, string>> {
  const answer = await atlas.ask(`{ partition(path: "${path}") { regionColumns { ${selection} } } }`)
  const found = z.object({ partition: z.object({ regionColumns: z.record(z.string(), z.string()) }) })
  return found.parse(answer).partition.regionColumns
}

describe('columns', () => {
  it('are the fields of the regions one by one', async () => {
    const found = await columns(
      `memberCounts labels labelEntropies activeBitCounts clusters(clustering: "${CLUSTERING}")`,
    )
    expect([...integersIn(found.memberCounts)]).toEqual(regions.map(({ memberCount }) => memberCount))
    expect([...integersIn(found.labels)]).toEqual(
      regions.map(({ labelCounts }) => labelCounts.at(0)?.label ?? -1),
    )
    expect([...floatsIn(found.labelEntropies)]).toEqual(
      regions.map(({ labelEntropy }) => Math.fround(labelEntropy)),
    )
    expect([...integersIn(found.activeBitCounts)]).toEqual(
      regions.map(({ activeBitCount }) => activeBitCount),
    )
    const clusters = regions.map(({ cluster }) => cluster?.index ?? -1)
    expect([...integersIn(found.clusters)]).toEqual(clusters)
    expect(new Set(clusters).size).toBeGreaterThan(2)
    expect(await atlas.ask(`{ partition(path: "${PARTITION}") { regionColumns { regionCount } } }`)).toEqual({
      partition: { regionColumns: { regionCount: regions.length } },
    })
  })

  it('are read only when asked for, one statement each', async () => {
    const statements: string[] = []
    const listen = (statement: unknown) => statements.push(String(statement))
    statementChannel.subscribe(listen)
    await columns('memberCounts')
    const few = statements.length
    await columns('memberCounts labels activeBitCounts')
    statementChannel.unsubscribe(listen)
    expect(statements.length - few).toBe(few + 2)
    expect(statements.slice(0, few).join(';')).not.toContain('active_bit_count')
  })

  it('are empty until the partition is computed', async () => {
    await atlas.ask(`mutation { createPartition(input: { network: "mlp-b", dataset: "points", fromLayer: 0, toLayer: 0 })
      { partition { id } } }`)
    expect(await columns('memberCounts labelEntropies matching', 'mlp-b/0..0@points')).toEqual({
      ...{ memberCounts: '', labelEntropies: '', matching: '' },
    })
  })

  it.each([
    ['UNKNOWN_CLUSTERING', `${PARTITION}/clusters:hamming:9:9`],
    ['BAD_PATH', PARTITION],
    ['BAD_ID', 'x'],
  ])('of clusters say %s', async (code, id) => {
    const query = `{ partition(path: "${PARTITION}") { regionColumns { clusters(clustering: "${id}") } } }`
    expect(await atlas.codeOf(query)).toBe(code)
  })

  it('of clusters say BAD_ARGUMENT of another partition, and CLUSTERING_NOT_READY', async () => {
    const query = (path: string, id: string) =>
      `{ partition(path: "${path}") { regionColumns { clusters(clustering: "${id}") } } }`
    expect(await atlas.codeOf(query('mlp-b/0..1@points', CLUSTERING))).toBe('BAD_ARGUMENT')
    await atlas.ask(
      `mutation { clusterRegions(input: { partition: "${PARTITION}", minClusterSize: 3 }) { job { id } } }`,
    )
    expect(await atlas.codeOf(query(PARTITION, `${PARTITION}/clusters:hamming:3:3`))).toBe(
      'CLUSTERING_NOT_READY',
    )
  })
})

describe('matching', () => {
  const MATCHING = `query ($filter: RegionFilter) { partition(path: "${PARTITION}") {
    regionColumns { matching(filter: $filter) } regions(first: 500, filter: $filter) { nodes { id } } } }`
  const answerSchema = z.object({
    partition: z.object({
      regionColumns: z.object({ matching: z.string() }),
      regions: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
    }),
  })

  it.each([
    [{}],
    [{ memberCount: { min: 2 } }],
    [{ memberCount: { max: 1 }, label: 0 }],
    [{ labelEntropy: { min: 0.1, max: 1.2 } }],
    [{ bits: [{ layer: 1, unit: 3, value: true }] }],
    [{ cluster: `${CLUSTERING}/0`, bits: [{ layer: 0, unit: 1, value: false }] }],
    [{ label: 99 }],
  ])('has the regions of the same filter: %j', async (filter) => {
    const { partition } = answerSchema.parse(await atlas.ask(MATCHING, { filter }))
    const indices = [...integersIn(partition.regionColumns.matching)]
    expect(indices.map((index) => regions[index].id)).toEqual(partition.regions.nodes.map(({ id }) => id))
    expect(indices).toEqual([...indices].sort((a, b) => a - b))
  })

  it.each([
    ['BAD_ARGUMENT', { bits: [{ layer: 5, unit: 0, value: true }] }],
    ['UNKNOWN_CLUSTER', { cluster: `${CLUSTERING}/999` }],
  ])('says %s', async (code, filter) => {
    const query = `query ($filter: RegionFilter) { partition(path: "${PARTITION}") {
      regionColumns { matching(filter: $filter) } } }`
    expect(await atlas.codeOf(query, { filter })).toBe(code)
  })
})

it('regionAt has the region with a number, and none beyond', async () => {
  const last = regions.length - 1
  const query = `{ partition(path: "${PARTITION}") { first: regionAt(index: 0) { id } last: regionAt(index: ${last}) { id }
    beyond: regionAt(index: ${last + 1}) { id } before: regionAt(index: -1) { id } } }`
  expect(await atlas.ask(query)).toEqual({
    partition: { first: { id: regions[0].id }, last: { id: regions[last].id }, beyond: null, before: null },
  })
})
