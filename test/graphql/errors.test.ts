import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { AtlasError } from '#atlas/compute/errors.js'
import { clientError, formatError } from '#atlas/src/graphql/index.js'
import { useAtlas } from './support/atlas.ts'

function thrown(original: Error | undefined, message = original?.message ?? '') {
  const logged: { id?: unknown; err?: unknown }[] = []
  const error = new GraphQLError(message, { path: ['a', 0], originalError: original })
  const log = { error: (details: object) => logged.push(details) }
  return { error, log, logged }
}

describe('what a client is told', () => {
  it("of a user's mistake: its message, its code, where it was", () => {
    const { error, log, logged } = thrown(
      new AtlasError('BAD_SPAN', 'There is no such layer: choose another.'),
    )
    expect(formatError(error.toJSON(), error, log)).toMatchObject({
      message: 'There is no such layer: choose another.',
      path: ['a', 0],
      extensions: { code: 'BAD_SPAN' },
    })
    expect(logged).toEqual([])
  })

  it('of a mistake in the query: what GraphQL says', () => {
    const error = new GraphQLError('Cannot query field "x".', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
    const { log, logged } = thrown(undefined)
    expect(formatError(error.toJSON(), error, log)).toEqual(error.toJSON())
    expect(logged).toEqual([])
  })

  it('of a bug: nothing but an id, under which the log has all', () => {
    const bug = new Error('relation "secret" does not exist')
    const { error, log, logged } = thrown(bug)
    const wrapped = new GraphQLError('wrapped', { originalError: error })
    const told = formatError(wrapped.toJSON(), wrapped, log)
    expect(JSON.stringify(told)).not.toMatch(/secret|relation|stack/)
    expect(told.extensions?.code).toBe('INTERNAL')
    expect(logged).toEqual([expect.objectContaining({ err: bug, id: told.extensions?.id })])
    expect(told.message).toContain(String(told.extensions?.id))
  })

  it('over a WebSocket is the same', () => {
    const { error, log } = thrown(new AtlasError('UNKNOWN_JOB', 'There is no such job.'))
    const told = clientError(error, log)
    expect(told).toBeInstanceOf(GraphQLError)
    expect(told.toJSON()).toMatchObject({
      message: 'There is no such job.',
      extensions: { code: 'UNKNOWN_JOB' },
    })
    const bug = clientError(thrown(new Error('secret')).error, log)
    expect(JSON.stringify(bug.toJSON())).not.toContain('secret')
    expect(bug.originalError).toBeUndefined()
  })
})

describe('a database that fails in the middle of a query', () => {
  const atlas = useAtlas({ partitions: [] })

  it('is logged and not shown', async () => {
    await atlas.db.pool.query('alter table network rename to gone')
    const [error] = await atlas.errorsOf('{ networks { nodes { name } } }')
    await atlas.db.pool.query('alter table gone rename to network')
    expect(error.code).toBe('INTERNAL')
    expect(error.message).not.toContain('network')
    expect(atlas.logged).toHaveLength(1)
    expect(await atlas.ask('{ networks { totalCount } }')).toEqual({ networks: { totalCount: 3 } })
  })
})
