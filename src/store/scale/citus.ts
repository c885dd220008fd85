import { AtlasError } from '../../../compute/errors.ts'
import { sql, type Database, type Executor } from '../database.ts'
import { countPartitions, execute, readParts, SPREAD_TABLES } from './tables.ts'

/**
 * Tables whose rows are spread over the nodes, by the column that says where. Those of one column lie together, so that
 * what belongs to a partition is joined where it lies. Raw bytes are read by their own key, and joined with nothing.
 */
const DISTRIBUTED: Readonly<Record<string, string>> = {
  ...SPREAD_TABLES,
  dataset_chunk: 'dataset_id',
  file_chunk: 'sha256',
}

/**
 * Tables that stay on the coordinator, as Postgres knows them: nothing that is spread is joined with them, and Citus
 * allows no statement on its own tables that returns what a volatile function says, which is how jobs notify.
 */
const LOCAL = ['job', 'api_key', 'note', '_prisma_migrations']

/** A foreign key. */
export interface ForeignKey {
  table: string
  parent: string
  name: string
  /** FOREIGN KEY … REFERENCES … */
  definition: string
}

/** What makes an atlas one on Citus. */
export interface CitusScript {
  /** To be run in one transaction. */
  statements: string[]
  /** To be run behind it, one by one: they empty what the coordinator still holds of rows that have moved. */
  cleanup: string[]
}

/**
 * The statements for tables with these foreign keys. All other tables than those above become reference tables, a copy
 * on every node: codes among them, since every region is joined with its code and any partition may hold it. Foreign
 * keys are dropped first and made again, since Citus takes tables in no other order than that of their references:
 *
 * - from a spread table by its distribution column without ON UPDATE CASCADE, which Citus refuses there (ids never change);
 * - none from or to `job`, for which Citus would have to take that table over: its rows are never deleted.
 */
export function citusScript(tables: readonly string[], foreignKeys: readonly ForeignKey[]): CitusScript {
  const distributed = tables.filter((table) => table in DISTRIBUTED)
  const references = tables.filter((table) => !(table in DISTRIBUTED) && !LOCAL.includes(table))
  const kept = foreignKeys.filter(({ table, parent }) => !LOCAL.includes(table) && !LOCAL.includes(parent))
  return {
    statements: [
      // One connection a node: else a statement that follows on a reference table might wait for itself.
      `set local citus.multi_shard_modify_mode to 'sequential'`,
      ...foreignKeys.map(({ table, name }) => `alter table "${table}" drop constraint "${name}"`),
      ...references.map((table) => `select create_reference_table('${table}')`),
      ...distributed.map((table) => distribute(table, distributed)),
      ...kept.map((key) => `alter table "${key.table}" add constraint "${key.name}" ${definitionOf(key)}`),
    ],
    cleanup: [...references, ...distributed].map(
      (table) => `select truncate_local_data_after_distributing_table('${table}')`,
    ),
  }
}

function distribute(table: string, distributed: readonly string[]): string {
  const column = DISTRIBUTED[table]
  const first = distributed.find((other) => DISTRIBUTED[other] === column)
  return `select create_distributed_table('${table}', '${column}', colocate_with => '${first === table ? 'none' : first}')`
}

function definitionOf({ table, definition }: ForeignKey): string {
  return table in DISTRIBUTED ? definition.replace(' ON UPDATE CASCADE', '') : definition
}

/** The statements for the atlas as it is, whatever extensions it has. */
export async function readCitusScript(on: Executor): Promise<CitusScript> {
  const tables = await on.query<{ name: string }>(
    sql`select relname as name from pg_class
        where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
        order by relname`,
  )
  const names = tables.map(({ name }) => name)
  const foreignKeys: ForeignKey[] = []
  for (const table of names)
    for (const { name, kind, definition, parent } of (await readParts(on, table)).constraints)
      if (kind === 'f' && parent !== null) foreignKeys.push({ table, parent, name, definition })
  return citusScript(names, foreignKeys)
}

/**
 * Spreads the atlas over the nodes of a Citus cluster. Its worker nodes must have been added before. Throws
 * CITUS_MISSING, CITUS_WITHOUT_NODES, ALREADY_DISTRIBUTED, HASH_PARTITIONED.
 */
export async function distributeByCitus(db: Database): Promise<CitusScript> {
  await checkCitus(db)
  const script = await db.transaction(async (tx) => {
    const read = await readCitusScript(tx)
    for (const statement of read.statements) await execute(tx, statement)
    return read
  })
  for (const statement of script.cleanup) await execute(db, statement)
  return script
}

async function checkCitus(on: Executor): Promise<void> {
  const [{ present }] = await on.query<{ present: boolean }>(
    sql`select exists (select from pg_extension where extname = 'citus') as present`,
  )
  if (!present)
    throw new AtlasError(
      'CITUS_MISSING',
      'The Postgres of this atlas has no Citus, and the embedded one cannot: install Citus on every node, name it in ' +
        'shared_preload_libraries, restart, run CREATE EXTENSION citus and citus_add_node, then try again. ' +
        'With --print the statements are shown, and nothing is done.',
    )
  const [{ taken }] = await on.query<{ taken: boolean }>(
    sql`select exists (select from pg_dist_partition where logicalrelid = 'region'::regclass) as taken`,
  )
  if (taken) throw new AtlasError('ALREADY_DISTRIBUTED', 'The atlas lies on Citus already: nothing was done.')
  const [{ nodes }] = await on.query<{ nodes: number }>(
    sql`select count(*)::int4 as nodes from citus_get_active_worker_nodes()`,
  )
  if (nodes === 0)
    throw new AtlasError(
      'CITUS_WITHOUT_NODES',
      'Citus knows no worker node: run citus_set_coordinator_host and citus_add_node for each node first.',
    )
  if ((await countPartitions(on, 'region')) > 0)
    throw new AtlasError(
      'HASH_PARTITIONED',
      'The tables are divided by hash, which Citus does itself: run atlas migrate --hash-partitions 1 first.',
    )
}
