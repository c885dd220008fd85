import { mkdtemp, readFile, rm, writeFile, mkdir, appendFile, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyMigrations, createMigration, diffSchema } from '#atlas/prisma/migrator/index.js'
import { useDatabase, withClient } from '../support/database.ts'

const SCHEMA = `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}

datasource db {
  provider = "postgresql"
}

enum Color {
  RED
  BLUE
}

model Thing {
  id     Int      @id @default(autoincrement())
  at     DateTime @default(now()) @db.Timestamptz(3)
  day    DateTime @db.Date
  raw    Bytes
  color  Color
  colors Color[]
  tags   String[]
  counts Int[]
  key    String   @default(uuid(7)) @db.Uuid
  big    BigInt
  data   Json
  ratio  Float    @db.Real
  parts  Part[]

  @@index([at(sort: Desc), id])
  @@map("thing")
}

model Part {
  thingId Int
  index   Int
  data    Bytes
  thing   Thing @relation(fields: [thingId], references: [id], onDelete: Cascade)

  @@id([thingId, index])
  @@map("part")
}
`

/** What a Prisma schema cannot say, with semicolons where a naive reader of scripts would stumble. */
const HAND_WRITTEN = `
-- one; by hand
ALTER TABLE part ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE INDEX thing_by_size ON thing (big DESC, id);
CREATE INDEX thing_part_of ON thing (big) WHERE ratio > 5;
CREATE INDEX thing_expression ON thing ((big + 1));
ALTER TABLE thing ADD CONSTRAINT thing_ratio CHECK (ratio >= 0);
COMMENT ON TABLE thing IS 'a; b';
CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
`

let directory: string
const migrations = () => path.join(directory, 'migrations')
const schemaFile = () => path.join(directory, 'schema.prisma')

async function addMigration(name: string, script: string): Promise<void> {
  await mkdir(path.join(migrations(), name), { recursive: true })
  await writeFile(path.join(migrations(), name, 'migration.sql'), script)
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'atlas prisma é-'))
  await writeFile(schemaFile(), SCHEMA)
})
afterAll(() => rm(directory, { recursive: true }))

async function rows(url: string, statement: string): Promise<unknown[]> {
  return withClient(url, async (client) => (await client.query({ text: statement, rowMode: 'array' })).rows)
}

describe('migrations of a schema', () => {
  const database = useDatabase('empty')

  test('are written, applied once, and lead to the schema', async () => {
    const file = await createMigration('first', database.url, directory)
    expect(path.relative(migrations(), file)).toMatch(/^\d{14}_first[/\\]migration\.sql$/)
    expect(await readFile(path.join(migrations(), 'migration_lock.toml'), 'utf8')).toContain('"postgresql"')
    await appendFile(file, HAND_WRITTEN)
    const name = path.basename(path.dirname(file))
    expect(await applyMigrations(database.url, directory)).toEqual([name])
    expect(await applyMigrations(database.url, directory)).toEqual([])
    expect(await diffSchema(database.url, directory)).toBe('')
  })

  test('make the columns that the schema says', async () => {
    const columns = await rows(
      database.url,
      `SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = 'thing' ORDER BY ordinal_position`,
    )
    expect(columns).toEqual([
      ['id', 'int4'],
      ['at', 'timestamptz'],
      ['day', 'date'],
      ['raw', 'bytea'],
      ['color', 'Color'],
      ['colors', '_Color'],
      ['tags', '_text'],
      ['counts', '_int4'],
      ['key', 'uuid'],
      ['big', 'int8'],
      ['data', 'jsonb'],
      ['ratio', 'float4'],
    ])
  })

  test('keep what was added by hand', async () => {
    const storage = await rows(
      database.url,
      `SELECT attstorage FROM pg_attribute WHERE attrelid = 'part'::regclass AND attname = 'data'`,
    )
    expect(storage).toEqual([['e']])
    expect(await rows(database.url, 'SELECT one()')).toEqual([[1]])
    const indexes = await rows(
      database.url,
      `SELECT indexname FROM pg_indexes WHERE tablename = 'thing' ORDER BY indexname COLLATE "C"`,
    )
    expect(indexes.flat()).toEqual([
      'thing_at_id_idx',
      'thing_by_size',
      'thing_expression',
      'thing_part_of',
      'thing_pkey',
    ])
  })

  test('leave no database of their own behind', async () => {
    // Other tests make theirs at the same time; none stays.
    await expect
      .poll(() =>
        rows(database.url, `SELECT datname FROM pg_database WHERE datname LIKE 'prisma\\_migrate%'`),
      )
      .toEqual([])
  })

  test('are refused where there is nothing to change, or under a bad name', async () => {
    await expect(createMigration('again', database.url, directory)).rejects.toMatchObject({
      code: 'NO_SCHEMA_CHANGE',
    })
    await expect(createMigration('../x', database.url, directory)).rejects.toMatchObject({
      code: 'MIGRATION_NAME',
    })
    expect(await readdir(migrations())).toHaveLength(2)
  })

  test('follow a change of the schema, which drops an index of its own but none made by hand', async () => {
    const changed = SCHEMA.replace('  @@index([at(sort: Desc), id])\n', '').replace('  data   Json\n', '')
    await writeFile(schemaFile(), changed)
    const script = await readFile(await createMigration('less', database.url, directory), 'utf8')
    expect(script).toContain('DROP INDEX "thing_at_id_idx"')
    expect(script).toContain('DROP COLUMN "data"')
    expect(script).not.toContain('thing_by_size')
    expect(await applyMigrations(database.url, directory)).toHaveLength(1)
    expect(await diffSchema(database.url, directory)).toBe('')
  })

  test('that fail leave nothing behind, and apply when they have been mended', async () => {
    const name = '29990101000000_bad'
    await addMigration(name, 'CREATE TABLE half (i int); SELECT 1 / 0;')
    await expect(applyMigrations(database.url, directory)).rejects.toThrow(
      /division by zero[^]*29990101000000_bad/,
    )
    expect(await rows(database.url, `SELECT to_regclass('half')`)).toEqual([[null]])
    await addMigration(name, 'CREATE TABLE half (i int);')
    expect(await applyMigrations(database.url, directory)).toEqual([name])
  })

  test('unknown to this version are refused', async () => {
    await rm(path.join(migrations(), '29990101000000_bad'), { recursive: true })
    await expect(applyMigrations(database.url, directory)).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: expect.stringContaining('29990101000000_bad'),
    })
  })
})

describe('an empty database', () => {
  const database = useDatabase('empty')

  test('is migrated by one of several that start at once', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url, directory)))
    expect(applied.map((names) => names.length).sort()).toEqual([0, 0, 2])
  })
})

describe('a database of something else', () => {
  const database = useDatabase('empty')

  test('is refused', async () => {
    await withClient(database.url, (client) => client.query('CREATE TABLE theirs (i int)'))
    await expect(applyMigrations(database.url, directory)).rejects.toMatchObject({
      code: 'DATABASE_NOT_EMPTY',
    })
    expect(await rows(database.url, `SELECT to_regclass('_prisma_migrations')`)).toEqual([[null]])
  })
})

describe("the atlas's own migrations", () => {
  const database = useDatabase()

  test('lead to schema.prisma', async () => {
    expect(await diffSchema(database.url)).toBe('')
  })

  test('are in the database that each test file gets', async () => {
    expect(await applyMigrations(database.url)).toEqual([])
    const tables = await rows(database.url, `SELECT to_regclass('partition') IS NOT NULL`)
    expect(tables).toEqual([[true]])
  })
})
