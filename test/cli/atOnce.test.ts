import { describe, expect, it } from 'vitest'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase } from '#atlas/src/store/database.js'
import { useDatabase, withClient } from '../support/database.ts'
import { atlas, atlasHere } from './atlas.ts'

describe('several that start at once on an empty database', () => {
  const commands = useDatabase('empty')
  const queues = useDatabase('empty')

  it('make the queue once', async () => {
    const databases = Array.from({ length: 8 }, () => openDatabase(queues.url, { connections: 2 }))
    await Promise.all(databases.map((db) => db.pool.query('select 1')))
    const made = await Promise.allSettled(databases.map(prepareQueue))
    await Promise.all(databases.map((db) => db.close()))
    expect(made.map(({ status }) => status)).toEqual(databases.map(() => 'fulfilled'))
  })

  it('all come up', async () => {
    const ended = await Promise.all([1, 2].map(() => atlas(commands.url, ['list', 'networks', '--json'])))
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
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
