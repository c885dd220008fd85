/** What Postgres enforces by itself, as far as it does: foreign keys and indexes. */
import { raw, type Executor } from '../database.ts'
import { EXAMPLES, runSqlCheck, type CheckResult } from './sqlCheck.ts'

interface ForeignKey {
  name: string
  validated: boolean
  child: string
  parent: string
  columns: string[]
  keys: string[]
}

/**
 * Every foreign key of the atlas's tables is validated, and holds: rows that came in while it was not enforced
 * (session_replication_role) are found as well.
 */
export async function checkForeignKeys(on: Executor): Promise<CheckResult> {
  const keys = await on.query<ForeignKey>(
    raw(`select k.conname as name, k.convalidated as validated, k.conrelid::regclass::text as child,
           k.confrelid::regclass::text as parent,
           array(select quote_ident(a.attname) from unnest(k.conkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by i) as columns,
           array(select quote_ident(a.attname) from unnest(k.confkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by i) as keys
         from pg_constraint k where k.contype = 'f' and k.connamespace = current_schema()::regnamespace
         order by 1`),
  )
  const total: CheckResult = {
    name: 'foreign keys',
    unit: 'references',
    looked: 0,
    wrong: 0,
    examples: [],
    note: null,
  }
  for (const key of keys) {
    const { looked, wrong, examples } = await checkRows(on, key)
    total.looked += looked
    total.wrong += wrong + (key.validated ? 0 : 1)
    if (!key.validated) total.examples.push(`the foreign key ${key.name} is not validated`)
    total.examples.push(...examples)
  }
  total.examples = total.examples.slice(0, EXAMPLES)
  total.note = `${keys.length} foreign keys`
  return total
}

function checkRows(on: Executor, { name, child, parent, columns, keys }: ForeignKey): Promise<CheckResult> {
  const equal = columns.map((column, i) => `p.${keys[i]} = c.${column}`).join(' and ')
  return runSqlCheck(on, {
    name,
    unit: 'references',
    from: `${child} c left join ${parent} p on ${equal}`,
    where: columns.map((column) => `c.${column} is not null`).join(' and '),
    wrong: `p.${keys[0]} is null`,
    example: `'${child}: there is no ${parent} with ${keys.join(', ')} ' || ${columns.map((column) => `c.${column}`).join(" || ', ' || ")}`,
  })
}

/** No index was left unusable, as one is that broke off while it was made. */
export function checkIndexes(on: Executor): Promise<CheckResult> {
  return runSqlCheck(on, {
    name: 'indexes',
    unit: 'indexes',
    from: 'pg_index i join pg_class c on c.oid = i.indexrelid',
    where: 'c.relnamespace = current_schema()::regnamespace',
    wrong: 'not i.indisvalid or not i.indisready',
    example: `'the index ' || c.relname || ' is not valid'`,
  })
}
