import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { namesOf, readSchemaSource } from './names.ts'

const CONTRACT = new URL('../../../shared/contract.graphql', import.meta.url)
const NAMES = new URL('contract.names.json', import.meta.url)

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
})

describe.skipIf(!existsSync(CONTRACT))('the contract', () => {
  const contract = existsSync(CONTRACT) ? namesOf(parse(readFileSync(CONTRACT, 'utf8'))) : []
  // "`first` defaults to 20", says its head, and leaves the default out of the fields.
  const pages = contract.filter((name) => name.includes('(first): '))
  const defaults = pages.map((name) => name.replace(/: .*/, ' = 20'))
  const expected = [...contract, ...defaults]

  it('is served', () => {
    const missing = expected.filter((name) => !served.includes(name))
    expect(missing).toEqual([])
  })

  it('is fully listed in contract.names.json', () => {
    const names = z.array(z.string()).parse(JSON.parse(readFileSync(NAMES, 'utf8')))
    const missing = expected.filter((name) => !names.includes(name))
    expect(missing).toEqual([])
  })
})
