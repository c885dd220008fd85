import { AtlasError } from '../../compute/errors.ts'
import { sql, type Executor } from './database.ts'

/** What names belong to. */
export type NamedKind = 'network' | 'dataset' | 'series'

/** What has this name: one thing at most. */
export async function findName(on: Executor, name: string): Promise<NamedKind | null> {
  const [row] = await on.query<Record<NamedKind, boolean>>(
    sql`select exists (select from network where name = ${name}) as network,
               exists (select from dataset where name = ${name}) as dataset,
               exists (select from series where name = ${name}) as series`,
  )
  if (row.network) return 'network'
  if (row.dataset) return 'dataset'
  return row.series ? 'series' : null
}

/** Throws NAME_TAKEN. */
export async function checkNameFree(on: Executor, name: string): Promise<void> {
  const kind = await findName(on, name)
  if (kind === null) return
  throw new AtlasError(
    'NAME_TAKEN',
    `The name "${name}" belongs to a ${kind} already: choose another, or delete that ${kind} first.`,
  )
}
