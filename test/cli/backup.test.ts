import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { applyMigrations, diffSchema } from '#atlas/prisma/migrator/index.js'
import { requestDirections } from '#atlas/src/jobs/commands/requestDirections.js'
import { requestEmbedding } from '#atlas/src/jobs/commands/requestEmbedding.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { restoreBackup } from '#atlas/src/jobs/restore.js'
import { verifyAtlas } from '#atlas/src/jobs/verify/index.js'
import { startWorker } from '#atlas/src/jobs/worker.js'
import { createApiKey } from '#atlas/src/store/apiKeys.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import { writeBackup } from '#atlas/src/store/backup/write.js'
import { openDatabase } from '#atlas/src/store/database.js'
import { addPartition } from '../support/atlas.ts'
import { useDatabase, withClient } from '../support/database.ts'
import { runJobs, useAtlas } from '../graphql/support/atlas.ts'
import { atlasHere, atlasJson, folder } from './atlas.ts'

const source = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-b/0..1@points', 'tokens/0@points~positions'],
  neighbors: { 'mlp-a/0..1@points': 3 },
  complexes: ['mlp-a'],
  facets: { 'mlp-a/0..1@points': 40 },
  comparisons: [['mlp-a/0..1@points', 'mlp-b/0..1@points']],
  segmentSets: ['mlp-a/0..1@points/segments:40:1'],
  clusterings: ['mlp-a/0..1@points'],
})
const file = join(folder, 'atlas.backup')
const json = (url: string, ...args: string[]) => atlasJson(url, args, '', atlasHere)

/** Every row of every table as text, in the order of all columns: what no part of the backup had a hand in. */
async function content(url: string, ignore: readonly string[] = []): Promise<Record<string, string[]>> {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    )
    const all: Record<string, string[]> = {}
    for (const { name } of tables) {
      if (name === '_prisma_migrations' || ignore.includes(name)) continue
      const { rows } = await client.query<{ row: string }>(
        `select t::text as row from "${name}" t order by 1`,
      )
      all[name] = rows.map(({ row }) => row)
    }
    return all
  })
}

/** Rows of all tables. */
async function rowCount(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const counts = Object.keys(before).map((name) => `(select count(*)::int4 from "${name}")`)
    const { rows } = await client.query<{ rows: number }>(`select ${counts.join(' + ')} as rows`)
    return rows[0].rows
  })
}

async function sequences(url: string): Promise<unknown[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<object>(
      'select sequencename, last_value from pg_sequences where schemaname = $1 order by 1',
      ['public'],
    )
    return rows
  })
}

const summary = z.object({
  bytes: z.number(),
  rows: z.number(),
  tables: z.array(z.object({ name: z.string(), rows: z.number(), sha256: z.string().length(64) })),
})

let before: Record<string, string[]>

beforeAll(async () => {
  const { db } = source
  const partition = await db.prisma.partition.findFirstOrThrow({ where: { network: { name: 'mlp-a' } } })
  await requestDirections(db, partition.id, { components: 3, seed: 1 })
  await requestEmbedding(db, partition.id, { neighbors: 5, seed: 1 })
  await runJobs(db)
  const members = ['mlp-a', 'mlp-b'].map((network, step) => ({ network, step }))
  await createSeries(db, { name: 'seeds', description: 'Two: "a"; b\\', members })
  await db.prisma.note.create({ data: { key: 'sample:none', value: 'loaded' } })
  await createApiKey(db, 'lab', 'WRITE')
  await db.prisma.token.create({ data: { datasetId: partition.datasetId, id: 0, text: 'é\t\n' } })
  await db.prisma.dataset.updateMany({ data: { tokenCount: 1 } })
  before = await content(db.url)
  await json(db.url, 'backup', file)
})

describe('a backup', () => {
  const target = useDatabase()
  const empty = useDatabase('empty')

  it('comes back as it was, with its sequences, indexes and references', async () => {
    const answer = await json(target.url, 'restore', file)
    expect(answer).toMatchObject({ format: 'atlas', queuedJobs: 0 })
    expect(await content(target.url)).toEqual(before)
    // Nothing was left out by chance: every table that the schema has holds a row.
    expect(
      Object.entries(before)
        .filter(([, rows]) => rows.length === 0)
        .map(([name]) => name),
    ).toEqual([])
    expect(await sequences(target.url)).toEqual(await sequences(source.db.url))
    expect(await diffSchema(target.url)).toBe('')
    const { rows } = await withClient(target.url, (client) =>
      client.query(`select conname from pg_constraint where not convalidated`),
    )
    expect(rows).toEqual([])
  })

  it('restores into a database without tables', async () => {
    await json(empty.url, 'restore', file)
    expect(await content(empty.url)).toEqual(before)
  })

  it('counts what it holds, and says the same when it is checked', async () => {
    const counts = Object.entries(before).map(([name, { length }]) => ({ name, rows: length }))
    const copy = join(folder, 'again.backup')
    const written = summary.parse(await json(source.db.url, 'backup', copy))
    const checked = z
      .object({ tables: z.unknown() })
      .parse(await json('postgres://nobody@127.0.0.1:1/none', 'restore', '--check', copy))
    expect(written.bytes).toBe((await readFile(copy)).length)
    expect(written.tables).toMatchObject(counts)
    expect(checked.tables).toMatchObject(written.tables)
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('is not restored over an atlas with rows', async () => {
    const { code, stderr } = await atlasHere(source.db.url, ['restore', file])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error DATABASE_NOT_EMPTY: .*ATLAS_HOME/m)
    expect(await content(source.db.url)).toEqual(before)
  })

  it('leaves the one before in place when it cannot be written', async () => {
    await mkdir(join(folder, 'taken', 'x'), { recursive: true })
    const { code, stderr } = await atlasHere(source.db.url, ['backup', join(folder, 'taken')])
    expect([code, stderr]).toEqual([1, expect.stringContaining('error CANNOT_WRITE')])
    const nowhere = await atlasHere(source.db.url, ['backup', join(folder, 'no', 'x')])
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('error CANNOT_WRITE')])
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('a backup that is stopped', () => {
  const target = useDatabase()
  const stopped = join(folder, 'stopped.backup')

  /** Stops at the first report of progress. */
  function stopSoon() {
    const stop = new AbortController()
    return { signal: stop.signal, onProgress: () => stop.abort(new Error('Stopped.')) }
  }

  it('leaves no file, half or whole', async () => {
    await expect(writeBackup(source.db, stopped, '1', stopSoon())).rejects.toThrow('Stopped.')
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
  })

  it('leaves no rows of its restore', async () => {
    const db = openDatabase(target.url)
    await expect(restoreBackup(db, file, stopSoon())).rejects.toThrow('Stopped.')
    await db.close()
    expect(await rowCount(target.url)).toBe(0)
  })
})

describe('a backup that is taken while others write', () => {
  const target = useDatabase()

  it('is of one moment: all that it holds fits together', async () => {
    const { db } = source
    const busy = join(folder, 'busy.backup')
    for (const span of ['1', '0']) await addPartition(db, `mlp-a/${span}@points`)
    const finished = runJobs(db)
    await json(db.url, 'backup', busy)
    await finished
    const restored = openDatabase(target.url)
    await prepareQueue(restored)
    const options = { signal: new AbortController().signal, onProgress: () => undefined }
    await restoreBackup(restored, busy, options)
    const { checks } = await verifyAtlas(restored, { ...options, sample: 'all' })
    await restored.close()
    expect(checks.filter(({ wrong }) => wrong > 0)).toEqual([])
    before = await content(db.url)
    await json(db.url, 'backup', file)
  })
})

describe('a spoiled backup', () => {
  const target = useDatabase()
  const spoiled = join(folder, 'spoiled.backup')

  /** The frames behind the first line. */
  const unpacked = async () => gunzipSync((await readFile(file)).subarray('polytope-atlas-backup 1\n'.length))
  const packed = (frames: Buffer) =>
    writeFile(spoiled, Buffer.concat([Buffer.from('polytope-atlas-backup 1\n'), gzipSync(frames)]))

  const spoils: Record<string, [code: string, spoil: () => Promise<void>]> = {
    'cut in the middle': [
      'BACKUP_DAMAGED',
      async () => {
        await copyFile(file, spoiled)
        await truncate(spoiled, Math.floor((await readFile(file)).length / 2))
      },
    ],
    'without its last bytes': [
      'BACKUP_DAMAGED',
      async () => {
        await copyFile(file, spoiled)
        await truncate(spoiled, (await readFile(file)).length - 4)
      },
    ],
    'with a bit flipped in the compressed bytes': [
      'BACKUP_DAMAGED',
      async () => {
        const bytes = await readFile(file)
        bytes[Math.floor(bytes.length / 3)] ^= 16
        await writeFile(spoiled, bytes)
      },
    ],
    'with a bit flipped before it was compressed': [
      'BACKUP_DAMAGED',
      async () => {
        const frames = await unpacked()
        frames[Math.floor(frames.length / 2)] ^= 1
        await packed(frames)
      },
    ],
    'without its manifest': [
      'BACKUP_DAMAGED',
      async () => {
        const frames = await unpacked()
        await packed(frames.subarray(0, frames.lastIndexOf('Z\0')))
      },
    ],
    'of a newer format': ['BACKUP_TOO_NEW', () => writeFile(spoiled, 'polytope-atlas-backup 2\nxyz')],
    'with a migration of a newer version': [
      'BACKUP_TOO_NEW',
      async () => {
        const frames = await unpacked()
        const name = frames.indexOf('20261123011942_init')
        frames.write('30', name)
        await packed(frames)
      },
    ],
    'that is something else': ['NOT_A_BACKUP', () => writeFile(spoiled, 'name,age\n')],
  }

  it.each(Object.entries(spoils))(
    '%s is refused, and nothing is left of it',
    async (_, [expected, spoil]) => {
      await spoil()
      const { code, stderr } = await atlasHere(target.url, ['restore', spoiled])
      expect([code, stderr]).toEqual([1, expect.stringContaining(`error ${expected}: `)])
      expect(await rowCount(target.url)).toBe(0)
      expect(await diffSchema(target.url)).toBe('')
    },
  )

  it('restores when it is whole again', async () => {
    expect(await diffSchema(target.url)).toBe('')
    await json(target.url, 'restore', file)
    expect(await content(target.url)).toEqual(before)
  })
})

describe('the backup of an older version', () => {
  const old = useDatabase('empty')
  const target = useDatabase()
  const oldFile = join(folder, 'old.backup')
  const oldPrisma = join(folder, 'old-prisma')

  it('is restored as it was, and then migrated', async () => {
    // The first migration alone: networks then had no type of input.
    const name = '20261123011942_init'
    await mkdir(join(oldPrisma, 'migrations', name), { recursive: true })
    await copyFile(
      join('prisma', 'migrations', name, 'migration.sql'),
      join(oldPrisma, 'migrations', name, 'migration.sql'),
    )
    await applyMigrations(old.url, oldPrisma)
    await withClient(old.url, (client) =>
      client.query(`insert into dataset (id, name, sha256, shape, class_names, input_count, element_type, scale,
          sample_byte_count, chunk_size) values (7, 'old', repeat('0', 64), '{2}', '{}', 0, 'F32', 1, 8, 128)`),
    )
    const db = openDatabase(old.url)
    await writeBackup(db, oldFile, '0.0.1', {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    await db.close()
    await json(target.url, 'restore', oldFile)
    expect(await diffSchema(target.url)).toBe('')
    const { rows } = await withClient(target.url, (client) =>
      client.query('select id, name, token_count from dataset'),
    )
    expect(rows).toEqual([{ id: 7, name: 'old', token_count: 0 }])
  })
})

describe('jobs that wait', () => {
  const target = useDatabase()

  it('are queued again, and done by a worker of the restored atlas', async () => {
    const { db } = source
    const waiting = join(folder, 'waiting.backup')
    const { jobId } = await addPartition(db, 'mlp-b/0@points')
    await db.prisma.job.update({
      where: { id: jobId ?? '' },
      data: { state: 'RUNNING', startedAt: new Date() },
    })
    await json(db.url, 'backup', waiting)
    expect(await json(target.url, 'restore', waiting)).toMatchObject({ queuedJobs: 1 })
    const worker = await startWorker(target.url, () => undefined)
    const restored = openDatabase(target.url)
    const job = () => restored.prisma.job.findUniqueOrThrow({ where: { id: jobId ?? '' } })
    await expect.poll(async () => (await job()).state).toBe('SUCCEEDED')
    const { regionCount } = await restored.prisma.partition.findFirstOrThrow({ where: { jobId } })
    expect(regionCount).toBeGreaterThan(1)
    await worker.stop()
    await restored.close()
  })
})

describe('an owner that is no superuser', () => {
  const target = useDatabase('empty')

  it('can back up and restore', async () => {
    const name = new URL(target.url).pathname.slice(1)
    await withClient(target.url, async (client) => {
      await client.query(`create role ${name}_owner login password 'x'`)
      await client.query(`alter database ${name} owner to ${name}_owner`)
    })
    const url = new URL(target.url)
    url.username = `${name}_owner`
    url.password = 'x'
    await json(url.href, 'restore', file)
    expect(await content(target.url)).toEqual(before)
    await json(url.href, 'backup', join(folder, 'owner.backup'))
    await withClient(target.url, async (client) => {
      await client.query(`reassign owned by ${name}_owner to current_user`)
      await client.query(`drop owned by ${name}_owner`)
      await client.query(`drop role ${name}_owner`)
    })
  })
})

describe('pg_dump', () => {
  afterAll(() => vi.unstubAllEnvs())

  it('is refused where there is none, or one older than the server', async () => {
    vi.stubEnv('PATH', '/nowhere')
    const { code, stderr } = await atlasHere(source.db.url, [
      'backup',
      '--format',
      'pg_dump',
      join(folder, 'x.dump'),
    ])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error NO_PG_TOOLS: .*no pg_dump on the PATH.*--format atlas/m),
    ])
  })
})
