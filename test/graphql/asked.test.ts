// What is not asked for is not read: a field alone answers as it does among all others.
import { isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-b/0..1@points'],
  neighbors: { 'mlp-a/0..1@points': 4 },
  facets: { 'mlp-a/0..1@points': 3 },
})

const FIELDS = [
  '__typename',
  'id',
  'path',
  'index',
  'partition { path }',
  'code { id hash bitCount activeBitCount hex bits }',
  'memberCount',
  'activeBitCount',
  'exact',
  'members(first: 2) { totalCount edges { position margin node { index } } }',
  'exemplar { path }',
  'exemplarPosition',
  'labelCounts { label count }',
  'labelEntropy',
  'purity',
  'margin',
  'neighbors(first: 2) { edges { distance node { index } } }',
  'affineMap { shape norm }',
  'sharedWith(first: 2) { nodes { path } }',
  'polytope { facetCount }',
]

describe('a field of a region alone answers as among all others', () => {
  const lists: [string, (fields: string) => string][] = [
    [
      'in a list',
      (fields) =>
        `{ at: partition(path: "mlp-a/0..1@points") { list: regions(first: 5) { nodes { ${fields} } } } }`,
    ],
    [
      'at edges, beside a cursor',
      (fields) =>
        `{ at: partition(path: "mlp-a/0..1@points") { list: regions(first: 5, orderBy: MEMBER_COUNT_DESC) { edges { cursor node { ...All } } pageInfo { endCursor } } } }
         fragment All on Region { ${fields} }`,
    ],
    [
      'as a neighbour',
      (fields) =>
        `{ at: partition(path: "mlp-a/0..1@points") { list: regions(first: 2) { nodes { neighbors(first: 3) { edges { distance code { hash hex } node { ${fields} } region { ${fields} } } } } } } }`,
    ],
    [
      'of an input',
      (fields) =>
        `{ at: dataset(name: "points") { input(index: 3) { regions(first: 3) { nodes { ${fields} } } } } }`,
    ],
  ]
  it.each(lists)('%s', async (_where, query) => {
    const whole = await atlas.ask(query(FIELDS.join(' ')))
    for (const field of FIELDS) {
      const [name] = field.split(/\W/)
      expect({ field, answer: await atlas.ask(query(field)) }).toEqual({ field, answer: only(name, whole) })
    }
  })
})

/** Fields that take an argument which not every atlas has; they read whole rows. */
const OTHERS = ['cluster', 'clusterMembership']

it('all fields of a region are asked for here', () => {
  const region = schema.getType('Region')
  const names = isObjectType(region) ? Object.keys(region.getFields()) : []
  expect([...FIELD_NAMES, ...OTHERS].sort()).toEqual([...names, '__typename'].sort())
})

const FIELD_NAMES = new Set(FIELDS.map((field) => field.split(/\W/)[0]))

/** An answer with one field of its regions alone: those objects that have all of the fields. */
function only(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => only(name, item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const isRegion = [...FIELD_NAMES].every((field) => Object.hasOwn(value, field))
  if (isRegion) return Object.fromEntries(entries.filter(([key]) => key === name))
  return Object.fromEntries(entries.map(([key, inner]) => [key, only(name, inner)]))
}
