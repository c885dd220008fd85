import { describe, expect, it } from 'vitest'
import { openAtlas } from '#atlas/src/atlas.js'
import { readSettings } from '#atlas/src/settings.js'
import { useDatabase, withClient } from '../support/database.ts'
import { atlas, atlasHere } from './atlas.ts'

describe('several that start at once on an empty database', () => {
  const commands = useDatabase('empty')
  const opened = useDatabase('empty')

  it('all come up: processes', async () => {
    const ended = await Promise.all([1, 2].map(() => atlas(commands.url, ['list', 'networks', '--json'])))
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
  })

  it('all come up: many in one process', async () => {
    const settings = { ...readSettings(), databaseUrl: opened.url }
    const atlases = await Promise.all(Array.from({ length: 6 }, () => openAtlas(settings, () => undefined)))
    const queues = await Promise.all(
      atlases.map(({ db }) =>
        db.pool.query('select count(*)::int4 as jobs from graphile_worker._private_jobs'),
      ),
    )
    expect(queues.map(({ rows }) => rows)).toEqual(atlases.map(() => [{ jobs: 0 }]))
    await Promise.all(atlases.map((each) => each.close()))
  })
})

describe('an older version', () => {
  const database = useDatabase()

  it('refuses the schema of a newer one, and changes nothing', async () => {
    await withClient(database.url, (client) =>
      client.query(
        `insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'x', '29990101000000_later')`,
      ),
    )
    for (const args of [['list'], ['backup', '/nowhere/x'], ['verify']]) {
      const { code, stderr } = await atlasHere(database.url, args)
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^error SCHEMA_TOO_NEW: .*29990101000000_later.*Update the atlas/),
      ])
    }
  })
})
