import { AtlasError } from '../../compute/errors.ts'
import { sql, type Executor } from './database.ts'

/** Whether a network or a dataset has this name. */
export async function findName(on: Executor, name: string): Promise<'network' | 'dataset' | null> {
  const [row] = await on.query<{ network: boolean; dataset: boolean }>(
    sql`select exists (select from network where name = ${name}) as network,
               exists (select from dataset where name = ${name}) as dataset`,
  )
  if (row.network) return 'network'
  return row.dataset ? 'dataset' : null
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
