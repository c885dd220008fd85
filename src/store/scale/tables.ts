import { raw, sql, type Executor } from '../database.ts'

/** The tables that grow with the data and are read by their first key column, which spreads their rows. */
export const SPREAD_TABLES = {
  code_chunk: 'network_id',
  prediction_chunk: 'network_id',
  region: 'partition_id',
  membership: 'partition_id',
  region_neighbor: 'partition_id',
  region_polytope: 'partition_id',
  region_facet: 'partition_id',
} as const

/** What is hung on a table and must be hung on its successor: statements that do so. */
export interface TableParts {
  /** Primary key, checks and foreign keys: their names and what they say. */
  constraints: { name: string; kind: string; definition: string; parent: string | null }[]
  /** Other indexes, as CREATE INDEX. */
  indexes: string[]
}

/** Constraints of a table, its NOT NULLs left out: those belong to its columns. */
export async function readParts(on: Executor, table: string): Promise<TableParts> {
  const constraints = await on.query<TableParts['constraints'][number]>(
    sql`select conname as name, contype::text as kind, pg_get_constraintdef(oid) as definition,
          confrelid::regclass::text as parent
        from pg_constraint where conrelid = ${table}::regclass and contype <> 'n' order by contype desc, conname`,
  )
  const indexes = await on.query<{ definition: string }>(
    sql`select pg_get_indexdef(i.indexrelid) as definition from pg_index i
        where i.indrelid = ${table}::regclass
          and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = i.indrelid)
        order by i.indexrelid::regclass::text`,
  )
  return {
    constraints,
    // Of a table in partitions: the index is made on them as well, which ONLY would prevent.
    indexes: indexes.map(({ definition }) => definition.replace(' ON ONLY ', ' ON ')),
  }
}

/** How many partitions a table has; 0 for a plain one. */
export async function countPartitions(on: Executor, table: string): Promise<number> {
  const [{ count }] = await on.query<{ count: number }>(
    sql`select count(*)::int4 as count from pg_inherits where inhparent = ${table}::regclass`,
  )
  return count
}

/** Runs a statement that holds no values. */
export async function execute(on: Executor, statement: string): Promise<void> {
  await on.query(raw(statement))
}
