import { afterEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '#atlas/src/settings.js'
import { useDatabase } from '../support/database.ts'
import { atlasHere, finish, startAtlas } from './atlas.ts'

const database = useDatabase()

describe('atlas key', () => {
  it('makes a key, which alone goes to stdout, lists and revokes it', async () => {
    const made = await atlasHere(database.url, ['key', 'create', 'lab', '--scope', 'write'])
    expect(made.stdout).toMatch(/^atlas_[\w-]{43}\n$/)
    expect(made.stderr).toContain('may read, import and compute')
    const again = await atlasHere(database.url, ['key', 'create', 'lab'])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('error NAME_TAKEN')])
    const list = await atlasHere(database.url, ['key', 'list'])
    expect(list.stdout).toMatch(/lab +write +20\d\d/)
    expect(list.stdout).not.toContain(made.stdout.trim())
    expect((await atlasHere(database.url, ['key', 'revoke', 'lab'])).code).toBe(0)
    expect((await atlasHere(database.url, ['key', 'list'])).stdout).toContain('none')
    expect((await atlasHere(database.url, ['key', 'revoke', 'lab'])).stderr).toContain('UNKNOWN_KEY')
    expect((await atlasHere(database.url, ['key', 'create', 'x', '--scope', 'all'])).code).toBe(2)
  })
})

describe('a server that others reach', () => {
  afterEach(() => void vi.unstubAllEnvs())

  it('does not start without keys, and says how to make one', async () => {
    vi.stubEnv('HOST', '0.0.0.0')
    const args = ['serve', '--no-worker', '--sample', 'none']
    const refused = await finish(startAtlas(database.url, args))
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('error NO_KEYS')
    expect(refused.stderr).toContain('atlas key create NAME --scope admin')
  })

  it('is never open', () => {
    vi.stubEnv('HOST', '0.0.0.0')
    expect(readSettings()).toMatchObject({ access: 'keys', rateLimit: 6000, concurrency: 64 })
    vi.stubEnv('ATLAS_ACCESS', 'public-reads')
    expect(readSettings().access).toBe('public-reads')
    vi.stubEnv('ATLAS_ACCESS', 'open')
    expect(() => readSettings()).toThrow('can be reached from other machines')
    for (const host of ['127.0.0.1', 'localhost', '::1']) {
      vi.stubEnv('HOST', host)
      expect(readSettings()).toMatchObject({ access: 'open', rateLimit: Infinity })
    }
  })

  it('takes limits and origins from the environment, and refuses what is none', () => {
    vi.stubEnv('ATLAS_CORS_ORIGINS', 'https://a.example, http://localhost:5173')
    vi.stubEnv('ATLAS_RATE_LIMIT', '60')
    vi.stubEnv('ATLAS_CONCURRENCY', '0')
    expect(readSettings()).toMatchObject({
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
      rateLimit: 60,
      concurrency: Infinity,
    })
    vi.stubEnv('ATLAS_CORS_ORIGINS', 'https://a.example/path')
    expect(() => readSettings()).toThrow('ATLAS_CORS_ORIGINS is')
  })
})
