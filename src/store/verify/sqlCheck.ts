/** Checks that Postgres answers by itself: rows of which some may be wrong. */
import { raw, type Executor } from '../database.ts'

/** Examples that are told of what is wrong. */
export const EXAMPLES = 5

/** What a check found. */
export interface CheckResult {
  name: string
  /** How many of what were looked at. */
  looked: number
  unit: string
  /** How many of them are wrong, and the first of these. */
  wrong: number
  examples: string[]
  /** What was left out, or could not be said; null where there is nothing of the kind. */
  note: string | null
}

/** Rows of the atlas and what must not be true of any. All texts are SQL without parameters. */
export interface SqlCheck {
  name: string
  /** What a row is, in the plural. */
  unit: string
  /** Behind FROM. */
  from: string
  /** Which rows are looked at; all where it is left out. */
  where?: string
  wrong: string
  /** Says which row it is, and what is wrong with it. */
  example: string
}

/** Counts what is wrong, and reads examples where there is something. */
export async function runSqlCheck(on: Executor, check: SqlCheck): Promise<CheckResult> {
  const { name, unit, from, where = 'true', wrong, example } = check
  const [counts] = await on.query<{ looked: number; wrong: number }>(
    raw(
      `select count(*)::float8 as looked, count(*) filter (where ${wrong})::float8 as wrong from ${from} where ${where}`,
    ),
  )
  const rows =
    counts.wrong === 0
      ? []
      : await on.query<{ example: string | null }>(
          raw(`select ${example} as example from ${from} where (${where}) and (${wrong}) limit ${EXAMPLES}`),
        )
  return { name, unit, ...counts, examples: rows.map((row) => row.example ?? 'an unnamed row'), note: null }
}

/** The path of the partition with an id, as SQL. */
export function partitionPathSql(id: string): string {
  return `coalesce((select pn.name || '/' || pp.from_layer || '..' || pp.to_layer || '@' || pd.name ||
      case when pp.granularity = 'WHOLE_INPUT' then '' else '~positions' ||
        case when (pp.position_start, pp.position_step) = (0, 1) then ''
          when pp.position_step = 0 then ':' || pp.position_start
          else ':' || pp.position_start || '+' || pp.position_step end end
    from partition pp join network pn on pn.id = pp.network_id join dataset pd on pd.id = pp.dataset_id
    where pp.id = ${id}), 'partition ' || ${id})`
}

/** The name of the network or dataset with an id, as SQL. */
export function nameSql(table: 'network' | 'dataset', id: string): string {
  return `coalesce((select named.name from ${table} named where named.id = ${id}), '${table} ' || ${id})`
}
