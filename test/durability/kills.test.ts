// kill -9 of the server, its worker, Postgres or one of its backends at random moments, while clients write: what was
// acknowledged is kept, nothing is doubled, no job is stuck.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findPostgres } from '#atlas/src/store/postgres/start.js'
import { openDatabase, sql, type Database } from '#atlas/src/store/database.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { startWorker } from '#atlas/src/jobs/worker.js'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { seedOf, writeUntil, type Known } from './clients.ts'
import { AtlasProcesses, VICTIMS } from './processes.ts'

const ROUNDS = process.env.ATLAS_TEST === 'long' ? 100 : 10
const POINTS = 300
/** How long clients write before the kill, at most, and after it. */
const BEFORE_MS = 900
const AFTER_MS = 300

const undisturbed = useDatabase()
const points = Float32Array.from({ length: POINTS * 4 }, (_, i) => Math.sin(1 + i * 1.7))
const seed = Date.now() % 100_000
const random = uniform(seed)
let home: string
let atlas: AtlasProcesses

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'atlas-kills-'))
  await chmod(home, 0o711)
  atlas = new AtlasProcesses(home)
  await atlas.start()
  await onDatabase((db) => addDataset(db, 'points', points, 4))
})

afterAll(async () => {
  await atlas.stop()
  const moved = await readFile(join(home, 'postgres.location'), 'utf8').catch(() => undefined)
  if (moved !== undefined) await rm(moved, { recursive: true })
  await rm(home, { recursive: true, force: true })
})

async function onDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const url = await findPostgres(join(home, 'postgres'))
  if (url === null) throw new Error('Postgres does not run.')
  const db = openDatabase(url)
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

it(
  `${ROUNDS} kills lose nothing, double nothing and leave no job stuck`,
  { timeout: ROUNDS * 90_000 },
  async () => {
    const kills: Record<string, number> = {}
    const checked = new Set<string>()
    for (let round = 0; round < ROUNDS; round++) {
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)]
      const said = `seed ${seed}, round ${round}, ${victim}`
      const known: Known[] = []
      let stopped = false
      const clients = [0, 1, 2].map((client) =>
        writeUntil(
          () => stopped,
          () => atlas.url,
          `r${round}-c${client}`,
          (network) => known.push(network),
        ),
      )
      await sleep(100 + random() * BEFORE_MS)
      if (await atlas.kill(victim)) kills[victim] = (kills[victim] ?? 0) + 1
      await sleep(AFTER_MS)
      stopped = true
      await Promise.all(clients)
      await atlas.start()
      await expectEverythingKept(known, said)
      for (const { name } of known) checked.add(name)
    }
    console.log(`kills: ${JSON.stringify(kills)}, networks written: ${checked.size}`)
    await expectSoundTables()
  },
)

/** What was acknowledged is there, what was deleted is gone, and every job has come to its end. */
async function expectEverythingKept(known: readonly Known[], said: string): Promise<void> {
  await expect
    .poll(() => onDatabase(openJobs).catch(() => 'Postgres is away'), {
      timeout: 60_000,
      interval: 200,
      message: said,
    })
    .toEqual([])
  await onDatabase(async (db) => {
    const jobs = await db.query<{ kind: string; state: string; code: string | null }>(
      sql`select kind, state, error_code as code from job where state = 'FAILED'`,
    )
    expect(jobs, said).toEqual([])
    for (const network of known) {
      const at = `${said}: ${JSON.stringify(network)}`
      const row = await db.prisma.network.findUnique({
        where: { name: network.name },
        include: { partitions: true },
      })
      if (network.deleted === 'yes') expect(row, at).toBeNull()
      else if (network.imported === 'yes' && network.deleted === 'no') expect(row, at).not.toBeNull()
      if (!row) continue
      const [partition, ...others] = row.partitions
      expect(others, at).toEqual([])
      if (network.partition === 'yes') expect(partition, at).toBeDefined()
      if (!partition) continue
      expect(partition.computedAt, at).not.toBeNull()
      if (network.neighbors === 'yes') expect(partition.neighborCount, at).toBe(4)
      if (network.name.endsWith('-0'))
        expect(await rowsOf(db, network.name), at).toEqual(await rowsUndisturbed(network.name))
    }
  })
}

function openJobs(db: Database): Promise<object[]> {
  return db.query(sql`select id, kind, state from job where state in ('QUEUED', 'RUNNING')`)
}

/** Regions with their codes, and memberships, of the partition of a network. */
function rowsOf(db: Database, name: string): Promise<object[]> {
  return db.query(
    sql`select m.input_index as input, m.position, m.margin, r.code_hash as hash, r.member_count as members, encode(c.bits, 'hex') as bits
        from membership m join partition t on t.id = m.partition_id join network n on n.id = t.network_id
        join region r on r.partition_id = m.partition_id and r.index = m.region
        join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
        where n.name = ${name} order by 1, 2`,
  )
}

/** What the same network leaves where nobody is killed. */
async function rowsUndisturbed(name: string): Promise<object[]> {
  const db = openDatabase(undisturbed.url)
  try {
    await prepareQueue(db)
    if (!(await db.prisma.dataset.findUnique({ where: { name: 'points' } })))
      await addDataset(db, 'points', points, 4)
    await addNetwork(db, name, buildMlp({ sizes: [4, 6, 5, 3], seed: seedOf(name) }))
    await addPartition(db, `${name}/0..1@points`)
    const worker = await startWorker(undisturbed.url, () => undefined)
    await expect.poll(() => openJobs(db)).toEqual([])
    await worker.stop()
    return await rowsOf(db, name)
  } finally {
    await db.close()
  }
}

/** No row points to nothing, no count lies. */
async function expectSoundTables(): Promise<void> {
  await onDatabase(async (db) => {
    const wrong = await db.query(
      sql`select 'regions' as what, t.id from partition t where computed_at is not null
            and region_count <> (select count(*) from region r where r.partition_id = t.id)
          union all select 'memberships', t.id from partition t where computed_at is not null
            and site_count <> (select count(*) from membership m where m.partition_id = t.id)
          union all select 'members', r.partition_id from region r
            where member_count <> (select count(*) from membership m where m.partition_id = r.partition_id and m.region = r.index)
          union all select 'codes', r.partition_id from region r
            where not exists (select from code c where c.hash = r.code_hash and c.bit_count = r.bit_count)
          union all select 'neighbours', t.id from partition t where neighbor_count is not null
            and exists (select from region r where r.partition_id = t.id
              and (select count(*) from region_neighbor n where n.partition_id = t.id and n.region = r.index)
                <> least(t.neighbor_count, t.region_count - 1))
          union all select 'queue', 0 from graphile_worker._private_jobs`,
    )
    expect(wrong).toEqual([])
  })
}
