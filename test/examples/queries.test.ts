import diagnostics from 'node:diagnostics_channel'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContextFactory, createSchema } from '#atlas/src/graphql/index.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { useDatabase } from '../support/database.ts'
import { loadSmallSample } from '../support/smallSample.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'examples', 'queries')
const queries = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
const schema = createSchema()

it.each(queries)(
  '%s begins with its question, and stands below it in docs/questions.md as it is',
  (name, source) => {
    const question = /^# (.+\?)\n/.exec(source)?.[1]
    expect(question).toBeDefined()
    // The first query of GraphiQL: the README shows it, with a picture of its answer.
    if (name === 'last-layer-regions.graphql') return
    const page = readFileSync(join(root, 'docs', 'questions.md'), 'utf8')
    const query = source.replaceAll(/^#.*\n/gm, '')
    expect(page).toContain(`<code>${name}</code>`)
    const below = page.split(/^## /m).find((section) => section.startsWith(`${question}\n`))
    expect(below).toContain(query)
  },
)

describe.each([300, 900])('the worked queries on %i images', (images) => {
  const database = useDatabase()
  let db: Database

  beforeAll(async () => {
    const loading = openDatabase(database.url)
    await loadSmallSample(loading, images)
    await loading.close()
    // One connection: answers come in the order of the statements, whose number then hangs on nothing else.
    db = openDatabase(database.url, { connections: 1 })
  })

  afterAll(() => db.close())

  it.each(queries)('%s answers with the statements of the snapshot', async (name, source) => {
    // Its own caches: the statements do not hang on the queries before.
    const contexts = createContextFactory(db)
    const statements: string[] = []
    const listen = (text: unknown) => statements.push(String(text).replaceAll(/\s+/g, ' ').trim())
    diagnostics.subscribe('atlas:sql', listen)
    const { data, errors } = await graphql({ schema, source, contextValue: contexts.create() })
    diagnostics.unsubscribe('atlas:sql', listen)
    await contexts.close()
    expect(errors).toBeUndefined()
    expect(Object.values(data ?? {})).not.toContain(null)
    // The same file for both sizes: number and text of the statements do not grow with the rows.
    const text = `${statements.length} statements\n\n${statements.join('\n\n')}\n`
    await expect(text).toMatchFileSnapshot(`__snapshots__/${name}.sql`)
  })
})
