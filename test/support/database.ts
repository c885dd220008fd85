import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { TEMPLATE, withClient, withDatabase } from './globalSetup.ts'

export { withClient, withDatabase } from './globalSetup.ts'

/** A database of a test file's own. */
export interface TestDatabase {
  /** From the first beforeAll on. */
  readonly url: string
}

async function onServer(statement: string): Promise<void> {
  await withClient(inject('postgresUrl'), (client) => client.query(statement))
}

/**
 * Gives the tests of a file (or of the `describe` in which it is called) a fresh database, made before the
 * first of them and dropped after the last: a copy of one with all tables (about 50 ms), or an `empty` one.
 */
export function useDatabase(content: 'migrated' | 'empty' = 'migrated'): TestDatabase {
  const name = `test_${randomBytes(6).toString('hex')}`
  beforeAll(() =>
    onServer(`CREATE DATABASE ${name} TEMPLATE ${content === 'empty' ? 'template0' : TEMPLATE}`),
  )
  afterAll(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`))
  return { url: withDatabase(inject('postgresUrl'), name) }
}
