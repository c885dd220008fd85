import { beforeAll, describe, expect, it } from 'vitest'
import { raw, type Database } from '#atlas/src/store/database.js'
import { citusScript, distributeByCitus, readCitusScript } from '#atlas/src/store/scale/citus.js'
import { spreadByHash } from '#atlas/src/store/scale/hashPartitions.js'
import { SPREAD_TABLES } from '#atlas/src/store/scale/tables.js'
import { useAtlas } from '../graphql/support/atlas.ts'
import { fingerprint } from '../support/fingerprint.ts'

const PARTITIONS = ['mlp-a/0..1@points', 'mlp-b/0..1@points', 'mlp-a/0..0@points']
const atlas = useAtlas({
  partitions: PARTITIONS,
  neighbors: { 'mlp-a/0..1@points': 5 },
  facets: { 'mlp-a/0..1@points': 10 },
})
const tables = Object.keys(SPREAD_TABLES)
const silent = () => undefined

const ROWS = Object.fromEntries(
  tables.map((table) => [table, `select * from ${table} order by ${table}::text`]),
)

const QUERY = `query ($path: String!) {
  partition(path: $path) {
    regions(first: 50, orderBy: MEMBER_COUNT_DESC) {
      totalCount
      nodes {
        path memberCount code { bits regions(first: 5) { totalCount nodes { path } } }
        members(first: 3) { edges { node { index } } }
        neighbors(first: 3) { edges { distance node { path } } }
      }
    }
  }
}`

const answers = () => Promise.all(PARTITIONS.map((path) => atlas.ask(QUERY, { path })))

/** All that Postgres knows of columns, constraints and indexes, the partitions' own left out. */
async function form(db: Database): Promise<unknown> {
  const names = tables.map((table) => `'${table}'::regclass`).join(', ')
  return Promise.all([
    db.query(
      raw(`select attrelid::regclass::text as table, attname, atttypid::regtype::text as type, attnotnull, attstorage,
             pg_get_expr(adbin, adrelid) as default
           from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
           where attrelid in (${names}) and attnum > 0 order by 1, attnum`),
    ),
    db.query(
      raw(`select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as definition
           from pg_constraint where conrelid in (${names}) order by 1, 2`),
    ),
    db.query(
      raw(`select indexrelid::regclass::text as index, replace(pg_get_indexdef(indexrelid), ' ONLY ', ' ') as definition
           from pg_index where indrelid in (${names}) order by 1`),
    ),
  ])
}

describe('tables divided by hash', () => {
  let rows: Record<string, string>
  let plain: unknown
  let answered: unknown
  beforeAll(async () => {
    rows = await fingerprint(atlas.db, ROWS)
    plain = await form(atlas.db)
    answered = await answers()
  })

  it('hold the same rows in the same form, and answer the same', async () => {
    const done = await spreadByHash(atlas.db, 4, silent)
    expect(done.map(({ table }) => table)).toEqual(tables)
    expect(done.find(({ table }) => table === 'region_neighbor')?.rows).toBeGreaterThan(0)
    expect(await fingerprint(atlas.db, ROWS)).toEqual(rows)
    expect(await form(atlas.db)).toEqual(plain)
    expect(await answers()).toEqual(answered)
    const counts = await atlas.db.query<{ table: string; count: number }>(
      raw(`select inhparent::regclass::text as table, count(*)::int4 as count from pg_inherits
           join pg_class on pg_class.oid = inhrelid where relkind = 'r' group by 1`),
    )
    expect(new Map(counts.map(({ table, count }) => [table, count]))).toEqual(
      new Map(tables.map((table) => [table, 4])),
    )
  })

  it('are read in the one partition that has the key', async () => {
    const plan = await atlas.db.query<{ 'QUERY PLAN': string }>(
      raw('explain select from region where partition_id = 1 order by index'),
    )
    const read = plan.filter((line) => / on region_\d/.test(line['QUERY PLAN']))
    expect(read).toHaveLength(1)
  })

  it('are divided again, into as many as fit', async () => {
    expect(await spreadByHash(atlas.db, 64, silent)).toHaveLength(tables.length)
    expect(await spreadByHash(atlas.db, 64, silent)).toEqual([])
    expect(await fingerprint(atlas.db, ROWS)).toEqual(rows)
  })

  it('become plain tables again', async () => {
    await spreadByHash(atlas.db, 1, silent)
    expect(await form(atlas.db)).toEqual(plain)
    expect(await fingerprint(atlas.db, ROWS)).toEqual(rows)
    expect(await spreadByHash(atlas.db, 1, silent)).toEqual([])
  })

  it('stay as they were where the move fails', async () => {
    const blocked =
      'create view watcher as select index from region_neighbor join region using (partition_id)'
    await atlas.db.query(raw(blocked))
    await expect(spreadByHash(atlas.db, 4, silent)).rejects.toThrow(/other objects depend on it/)
    expect(await form(atlas.db)).toEqual(plain)
    await atlas.db.query(raw('drop view watcher'))
  })

  it.each([0, 65, 1.5])('are not %d', async (count) => {
    await expect(spreadByHash(atlas.db, count, silent)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  })
})

describe('the script for Citus', () => {
  it('puts every table of the atlas somewhere, referenced ones on every node', async () => {
    const { statements } = await readCitusScript(atlas.db)
    const calls = statements.filter((statement) => statement.startsWith('select '))
    const named = (pattern: RegExp) => calls.flatMap((call) => pattern.exec(call)?.slice(1) ?? [])
    const references = named(/create_reference_table\('(\w+)'\)/)
    const distributed = named(/create_distributed_table\('(\w+)'/)
    const all = await atlas.db.query<{ name: string }>(
      raw(`select tablename as name from pg_tables where schemaname = 'public'`),
    )
    expect([...references, ...distributed, 'job', 'api_key', 'note', '_prisma_migrations'].sort()).toEqual(
      all.map(({ name }) => name).sort(),
    )
    expect(distributed).toEqual(expect.arrayContaining(tables))
    const added = statements.flatMap((statement) =>
      [...statement.matchAll(/^alter table "(\w+)" add .* REFERENCES (\w+)/g)].map(([, from, to]) => [
        from,
        to,
      ]),
    )
    expect(added).toContainEqual(['region', 'partition'])
    for (const [from, to] of added) {
      expect(references).toContain(to)
      expect([...references, ...distributed]).toContain(from)
    }
  })

  it('keeps together what is joined', () => {
    const { statements } = citusScript(['membership', 'partition', 'region'], [])
    expect(statements).toEqual([
      `set local citus.multi_shard_modify_mode to 'sequential'`,
      `select create_reference_table('partition')`,
      `select create_distributed_table('membership', 'partition_id', colocate_with => 'none')`,
      `select create_distributed_table('region', 'partition_id', colocate_with => 'membership')`,
    ])
  })

  it('drops what Citus refuses of a foreign key', () => {
    const key = (table: string, parent: string, action: string) => ({
      table,
      parent,
      name: `${table}_fkey`,
      definition: `FOREIGN KEY (x) REFERENCES ${parent}(id) ON UPDATE CASCADE ON DELETE ${action}`,
    })
    const keys = [key('region', 'partition', 'CASCADE'), key('partition', 'job', 'SET NULL')]
    const { statements } = citusScript(['job', 'partition', 'region'], keys)
    expect(statements.filter((statement) => statement.startsWith('alter'))).toEqual([
      'alter table "region" drop constraint "region_fkey"',
      'alter table "partition" drop constraint "partition_fkey"',
      'alter table "region" add constraint "region_fkey" FOREIGN KEY (x) REFERENCES partition(id) ON DELETE CASCADE',
    ])
  })

  it('is not run without the extension', async () => {
    await expect(distributeByCitus(atlas.db)).rejects.toMatchObject({
      code: 'CITUS_MISSING',
      message: expect.stringContaining('CREATE EXTENSION citus'),
    })
  })
})

/** What is Postgres' own of the script must run; these take the calls of Citus and do nothing. */
const STAND_INS = `
  create function create_reference_table(regclass) returns void return null;
  create function create_distributed_table(regclass, text, colocate_with text) returns void return null;
  create function truncate_local_data_after_distributing_table(regclass) returns void return null`

describe('the statements of the script', () => {
  beforeAll(() => atlas.db.pool.query(STAND_INS))

  it('are statements that Postgres takes, in this order', async () => {
    const script = await readCitusScript(atlas.db)
    await atlas.db.transaction(async (tx) => {
      for (const statement of script.statements) await tx.query(raw(statement))
    })
    for (const statement of script.cleanup) await atlas.db.query(raw(statement))
    const left = await atlas.db.query<{ table: string; parent: string; definition: string }>(
      raw(`select conrelid::regclass::text as table, confrelid::regclass::text as parent,
             pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'f'
             and connamespace = 'public'::regnamespace`),
    )
    expect(left.filter(({ table, parent }) => table === 'job' || parent === 'job')).toEqual([])
    const ofRegions = left.find(({ table }) => table === 'region')
    expect(ofRegions?.definition).toBe(
      'FOREIGN KEY (partition_id) REFERENCES partition(id) ON DELETE CASCADE',
    )
  })
})
