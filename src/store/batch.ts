import DataLoader from 'dataloader'
import {
  countPages,
  loadPages,
  type Collection,
  type Page,
  type PageRequest,
  type ParentKey,
} from './page.ts'
import { type Executor, type Sql } from './database.ts'

/** A loader whose keys are small tuples, compared by value. */
export function tupleLoader<Key extends readonly (number | string)[], Value>(
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
): DataLoader<Key, Value, string> {
  return new DataLoader<Key, Value, string>((keys) => load(keys), { cacheKeyFn: (key) => key.join('\0') })
}

/**
 * Puts the rows of one statement back in the order of the keys that asked for them; null where there is none.
 */
export function inKeyOrder<Key extends readonly (number | string)[], Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): (Row | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row).join('\0'), row]))
  return keys.map((key) => byKey.get(key.join('\0')) ?? null)
}

/** As `inKeyOrder`, for keys that have any number of rows; their order is kept. */
export function groupInKeyOrder<Key extends readonly (number | string)[], Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): Row[][] {
  const groups = new Map<string, Row[]>(keys.map((key) => [key.join('\0'), []]))
  for (const row of rows) groups.get(keyOf(row).join('\0'))?.push(row)
  return keys.map((key) => groups.get(key.join('\0')) ?? [])
}

/** Pages and counts of one collection, batched over the parents that ask for the same thing in one tick. */
export interface PageLoader<Row> {
  page(parent: ParentKey, request: PageRequest): Promise<Page<Row>>
  count(parent: ParentKey, filter?: Sql): Promise<number>
}

export function pageLoader<Row extends object>(db: Executor, collection: Collection): PageLoader<Row> {
  const pages = loadersBySignature<ParentKey, PageRequest, Page<Row>>(
    ({ filter, first, after, order, columns, cursors }) =>
      signature(filter, `${first} ${idOf(order)} ${columns && idOf(columns)} ${cursors} ${after}`),
    (parents, request) => loadPages<Row>(db, collection, parents, request),
  )
  const counts = loadersBySignature<ParentKey, Sql | undefined, number>(
    (filter) => signature(filter),
    (parents, filter) => countPages(db, collection, parents, filter),
  )
  return { page: pages, count: counts }
}

/** One DataLoader for each distinct request, so that equal requests of many keys share a statement. */
export function loadersBySignature<Key extends readonly (number | string)[], Request, Value>(
  signatureOf: (request: Request) => string,
  load: (keys: readonly Key[], request: Request) => Promise<Value[]>,
) {
  const loaders = new Map<string, DataLoader<Key, Value, string>>()
  return (key: Key, request: Request): Promise<Value> => {
    const kind = signatureOf(request)
    let loader = loaders.get(kind)
    if (!loader) loaders.set(kind, (loader = tupleLoader((keys) => load(keys, request))))
    return loader.load(key)
  }
}

function signature(filter: Sql | undefined, rest = ''): string {
  return filter ? JSON.stringify([filter.text, filter.values, rest]) : rest
}

const ids = new WeakMap<object, number>()
let lastId = 0

/** A number for an object that stands for itself: orders and select lists are made once. */
export function idOf(object: object): number {
  let id = ids.get(object)
  if (id === undefined) ids.set(object, (id = ++lastId))
  return id
}
