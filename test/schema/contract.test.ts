import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { namesOf, readSchemaSource } from './names.ts'

const CONTRACT = new URL('../../../shared/contract.graphql', import.meta.url)
const NAMES = new URL('contract.names.json', import.meta.url)

/** What the contract names and later releases bring: types, fields, arguments and values. */
const LATER = ['Layer.units']

const covers = (entry: string, name: string) =>
  name.startsWith(entry) && !/^\w/.test(name.slice(entry.length))
const isLater = (name: string) => LATER.some((entry) => covers(entry, name))

const served = namesOf(parse(readSchemaSource()))

describe('the names that clients rely on', () => {
  const names = z.array(z.string()).parse(JSON.parse(readFileSync(NAMES, 'utf8')))

  it('are all in the schema, with their types and defaults', () => {
    const missing = names.filter((name) => !served.includes(name))
    expect(missing).toEqual([])
  })

  it('are listed once each, in order', () => {
    expect(names).toEqual([...new Set(names)].sort())
  })

  it('do not list what a later release brings', () => {
    expect(names.filter(isLater)).toEqual([])
    expect(served.filter(isLater)).toEqual([])
  })
})

describe.skipIf(!existsSync(CONTRACT))('the contract', () => {
  const contract = existsSync(CONTRACT) ? namesOf(parse(readFileSync(CONTRACT, 'utf8'))) : []
  // "`first` defaults to 20", says its head, and leaves the default out of the fields.
  const pages = contract.filter((name) => name.includes('(first): '))
  const defaults = pages.map((name) => name.replace(/: .*/, ' = 20'))
  const expected = [...contract, ...defaults].filter((name) => !isLater(name))

  it('is served, but for what a later release brings', () => {
    const missing = expected.filter((name) => !served.includes(name))
    expect(missing).toEqual([])
  })

  it('is fully listed in contract.names.json', () => {
    const names = z.array(z.string()).parse(JSON.parse(readFileSync(NAMES, 'utf8')))
    const missing = expected.filter((name) => !names.includes(name))
    expect(missing).toEqual([])
  })

  it('still names everything that is left for later', () => {
    const gone = LATER.filter((entry) => !contract.some((name) => covers(entry, name)))
    expect(gone).toEqual([])
  })
})
