import { describe, expect, it } from 'vitest'
import { atlas, atlasHere } from './atlas.ts'

/** Nobody listens at port 1: whatever wants the database fails. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/none'

describe('atlas --help', () => {
  it('groups the commands', async () => {
    const { code, stdout, stderr } = await atlas(NOWHERE, ['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const groups = [...stdout.matchAll(/^([A-Z][a-z ]+):\n((?: {2}\S.*\n)+)/gm)].map(([, title, body]) => [
      title,
      [...body.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name),
    ])
    expect(Object.fromEntries(groups)).toEqual({
      Options: ['--version', '--json', '-h,'],
      'Bring in': ['import'],
      Compute: ['partition', 'neighbors', 'cluster', 'directions', 'map', 'compare'],
      'Many networks': ['series', 'matrix'],
      Geometry: ['facets', 'enumerate', 'segments'],
      Look: ['list', 'show', 'query', 'export'],
      Manage: ['cancel', 'delete', 'key', 'migrate'],
      Upkeep: ['backup', 'restore', 'verify'],
      Run: ['doctor', 'serve', 'worker'],
      'A first session': ['$', '$', '$', '$'],
    })
  })

  it.each([
    ['import', 'network'],
    ['import', 'dataset'],
    ['partition'],
    ['neighbors'],
    ['enumerate'],
    ['facets'],
    ['cluster'],
    ['map'],
    ['compare'],
    ['series', 'create'],
    ['matrix'],
    ['segments'],
    ['list'],
    ['show'],
    ['query'],
    ['export'],
    ['delete'],
    ['backup'],
    ['restore'],
    ['verify'],
  ])('shows an example of %s %s', async (...command) => {
    const { code, stdout } = await atlasHere(NOWHERE, [
      ...command.filter((word) => word !== undefined),
      '--help',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/Example:\n {2}\$ .*atlas /)
    expect(stdout).toContain('--json')
  })
})

describe('wrong usage ends with 2', () => {
  it.each([
    [[], /Usage: atlas/],
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['import'], /network.*\n.*dataset/],
    [['partition', 'only-one'], /missing required argument 'dataset'/],
    [['partition', 'a', 'b', '--layers', 'some'], /1\.\.3/],
    [['neighbors', 'a/1@b', '-k', '0'], /at least 1/],
    [['map', 'a/1@b', '--seed', '-1'], /from 0/],
    [['facets', 'a/1@b', '--limit', '0'], /at least 1/],
    [['facets', 'a/1@b', '--box', '1,0'], /as 0,1/],
    [['facets', 'a/1@b', '--box', '0,1,2'], /as 0,1/],
    [['export', 'a/1@b', '--format', 'xml'], /ndjson, csv, parquet/],
    [['list', '--first', '-2'], /at least 1/],
    [['show', 'a', 'b'], /too many arguments/],
    [['series'], /create/],
    [['series', 'create', 'a'], /missing required argument 'members'/],
    [['series', 'create', 'a', 'b@0', 'c'], /as trained@1000/],
    [['series', 'create', 'a', 'b@0', 'c@2147483648'], /as trained@1000/],
    [['matrix', 'a/1@b', 'c/1@b', '--metric', 'likeness'], /adjusted-rand-index/],
  ])('atlas %j', async (args, message) => {
    const { code, stdout, stderr } = await atlasHere(NOWHERE, args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

describe('settings and the database', () => {
  it('names a setting that makes no sense', async () => {
    const { code, stderr } = await atlas('no url', ['list'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error BAD_SETTING: DATABASE_URL is "no url"/)
  })

  it('says that the database does not answer, with --json on stdout too', async () => {
    const { code, stdout, stderr } = await atlas(NOWHERE, ['list', '--json'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error DATABASE_UNREACHABLE: /)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'DATABASE_UNREACHABLE' } })
  })
})
