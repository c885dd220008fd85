// Compiled queries answer as graphql-js does. (The other tests of this folder run compiled ones as well.)
import { execute, getIntrospectionQuery, parse, validate, type ExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createExecutor } from '#atlas/src/graphql/index.js'
import { schema, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points'] })

type Variables = Record<string, unknown>

/** What both answer: data, and of errors what clients are told. */
async function both(source: string, variables: Variables = {}, operationName?: string) {
  const document = parse(source)
  expect(validate(schema, document)).toEqual([])
  const told = ({ data, errors }: ExecutionResult) => ({
    // Objects of graphql-js have no prototype.
    data: structuredClone(JSON.parse(JSON.stringify(data ?? null))),
    errors: errors?.map(({ message, path, locations }) => ({ message, path, locations })),
  })
  const context = () => atlas.contexts.create()
  const compiled = createExecutor(schema, 1)
  const plain = await execute({
    ...{ schema, document, operationName, variableValues: variables },
    contextValue: context(),
  })
  const fast = await compiled({ document, operationName, variables, context: context() })
  return { plain: told(plain), fast: told(fast) }
}

const REGIONS = 'regions(first: 3, orderBy: MEMBER_COUNT_DESC)'

describe('a compiled query answers as graphql-js does', () => {
  it.each<[string, string, Variables?, string?]>([
    ['introspection', getIntrospectionQuery()],
    [
      'with aliases, fragments and a type condition',
      `query ($id: ID!) { a: node(id: $id) { __typename id ...Net } b: node(id: $id) { ... on Dataset { name } } }
       fragment Net on Network { name layers { index unitCount } }`,
      { id: 'mlp-a' },
    ],
    [
      'with directives that variables decide',
      `query ($yes: Boolean!, $no: Boolean = false) { network(name: "mlp-a") { name @include(if: $yes) sha256 @skip(if: $yes) layers @include(if: $no) { name } } }`,
      { yes: true },
    ],
    [
      'of connections',
      `{ partition(path: "mlp-a/0..1@points") { ${REGIONS} { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { path code { bits } members(first: 2) { edges { margin node { index } } } } } } } }`,
    ],
    ['of one of several operations', 'query A { __typename } query B { networks { totalCount } }', {}, 'B'],
    [
      'with an error in a part',
      '{ a: networks(first: 501) { nodes { name } } b: network(name: "mlp-a") { name } }',
    ],
    [
      'with an error where null may not be',
      '{ networks(first: 2) { nodes { name partitions(first: 501) { totalCount nodes { path } } } } }',
    ],
    ['with a null', '{ network(name: "nobody") { name layers { index } } }'],
    [
      'with variables that do not fit',
      'query ($n: Int!) { networks(first: $n) { totalCount } }',
      { n: 'three' },
    ],
    ['with a variable that is missing', 'query ($n: Int!) { networks(first: $n) { totalCount } }'],
    ['of no operation of that name', 'query A { __typename } query B { __typename }', {}, 'C'],
    ['of none of several', 'query A { __typename } query B { __typename }'],
  ])('%s', async (_, source, variables, operationName) => {
    const { plain, fast } = await both(source, variables, operationName)
    expect(fast).toEqual(plain)
  })
})

it('compiles what is asked again, not what is asked once', async () => {
  const document = parse('{ networks(first: 1) { totalCount } }')
  const executor = createExecutor(schema)
  const ask = () =>
    executor({ document, operationName: null, variables: {}, context: atlas.contexts.create() })
  // Objects of compiled code are plain ones.
  const prototypes = [await ask(), await ask(), await ask()].map(({ data }) => Object.getPrototypeOf(data))
  expect(prototypes).toEqual([null, Object.prototype, Object.prototype])
})
