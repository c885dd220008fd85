/** What the catalogs of Postgres say of the atlas's own tables. The queue's are in a schema of their own. */
import pg from 'pg'
import { raw, type Executor } from '../database.ts'
import type { BackedUpTable } from './frames.ts'

/** Where Prisma notes the migrations that were applied. */
export const MIGRATIONS_TABLE = '_prisma_migrations'

/** A name as SQL takes it. */
export const quoted = (name: string) => pg.escapeIdentifier(name)

/** All tables of the atlas by name, with their columns in order. */
export async function readTables(on: Executor): Promise<(BackedUpTable & { bytes: number })[]> {
  return on.query(
    raw(`select c.relname as name, pg_table_size(c.oid)::float8 as bytes,
           json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
                    order by a.attnum) as columns
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
           and c.relname <> '${MIGRATIONS_TABLE}'
         group by c.oid order by c.relname`),
  )
}

/** Names of the migrations that the database has; none where it has no tables of an atlas. */
export async function readAppliedMigrations(on: Executor): Promise<string[]> {
  const [{ present }] = await on.query<{ present: boolean }>(
    raw(`select to_regclass('${MIGRATIONS_TABLE}') is not null as present`),
  )
  if (!present) return []
  const rows = await on.query<{ name: string }>(
    raw(`select migration_name as name from ${MIGRATIONS_TABLE} where rolled_back_at is null order by 1`),
  )
  return rows.map(({ name }) => name)
}

/** The atlas's sequences and their last values, null where none was taken. Sequences know no transactions. */
export async function readSequences(on: Executor): Promise<{ name: string; value: string | null }[]> {
  return on.query(
    raw(`select sequencename as name, last_value::text as value from pg_sequences
         where schemaname = current_schema() order by 1`),
  )
}

/** A statement that takes something away, and the one that brings it back. */
export interface Removable {
  remove: string
  restore: string
}

/**
 * What slows a bulk load row by row, and is faster made anew behind it: foreign keys, then the keys that they refer to,
 * and indexes. Those of partitioned tables are left alone.
 */
export async function readRemovables(on: Executor): Promise<Removable[]> {
  return on.query(
    raw(`select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as remove,
           format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname,
                  pg_get_constraintdef(k.oid)) as restore,
           case k.contype when 'f' then 0 else 1 end as step
         from pg_constraint k join pg_class c on c.oid = k.conrelid
         where k.contype in ('f', 'p', 'u') and k.conparentid = 0 and c.relkind = 'r' and not c.relispartition
           and k.connamespace = current_schema()::regnamespace and c.relname <> '${MIGRATIONS_TABLE}'
         union all
         select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid), 1
         from pg_index i join pg_class c on c.oid = i.indrelid
         where c.relkind = 'r' and not c.relispartition and c.relnamespace = current_schema()::regnamespace
           and c.relname <> '${MIGRATIONS_TABLE}'
           and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype <> 'f')
         order by step`),
  )
}
