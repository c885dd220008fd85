import pg from 'pg'
import { AtlasError } from '../../compute/errors.ts'
import { columnsOf } from './columnsOf.ts'
import { empty, join, raw, sql, type Executor, type Sql } from './database.ts'

/** Most rows a page may ask for; more is an error, never a silent cut. */
export const MAX_PAGE = 500

/** A sort order that a keyset cursor can resume: all columns in one direction, the last ones unique. */
export interface Order {
  /** Column and Postgres type, for example `['member_count', 'int4']`. */
  columns: readonly (readonly [name: string, type: string])[]
  descending?: boolean
}

/** By a column of a table `r` of regions, ties by index. */
export function byRegion(name: string, type: string, descending: boolean): Order {
  return {
    columns: [
      [name, type],
      ['r.index', 'int4'],
    ],
    descending,
  }
}

/** A column, its Postgres type, and how it compares to the parent's value: equal unless told. */
export type ParentColumn = readonly [name: string, type: string, comparison?: '<>']

/** A list that hangs on a parent row (or on nothing): what to select, from where, how to tie it to parents. */
export interface Collection {
  /** Select list, over the tables of `from`. */
  columns: Sql
  /** The `from` clause, without the word. */
  from: Sql
  /** What ties a row to the values of its parent's key; empty for a top-level list. */
  parent: readonly ParentColumn[]
}

export interface PageRequest {
  first: number
  /** `endCursor` of the page before. */
  after?: string | null
  order: Order
  /** Condition over the tables of `from`. */
  filter?: Sql
  /** Select list in the place of the collection's, the same object for the same list. */
  columns?: Sql
  /** False where nobody asks for cursors: they are not read, and must not be asked for. */
  cursors?: boolean
}

/** The rows of a page. */
export interface Page<Row> {
  rows: Row[]
  /** What the cursor of each row is made of; empty where cursors were not asked for. */
  places: string[]
  hasNextPage: boolean
}

/** A parent's key, one value a column of `Collection.parent`. */
export type ParentKey = readonly (number | string)[]

/**
 * One page for each parent, in one statement: a lateral subquery a parent, which Postgres answers from the
 * index of the order. Reads one row more than asked, to know whether there is a next page.
 */
export async function loadPages<Row extends object>(
  on: Executor,
  collection: Collection,
  parents: readonly ParentKey[],
  request: PageRequest,
): Promise<Page<Row>[]> {
  const first = checkFirst(request.first)
  const statement =
    parents.length === 1
      ? sql`select 1 as parent_ordinal, ${pageOf(collection, request, valueOf(collection, parents[0]))}`
      : sql`select p.ordinal::int4 as parent_ordinal, page.*
          from ${parentTable(collection, parents)}
          cross join lateral (select ${pageOf(collection, request, columnOfParent)}) page`
  const rows = await on
    .query<Row & { parent_ordinal: number; page_cursor?: string }>(statement)
    .catch((error: unknown) => Promise.reject(explainCursor(error, request.after)))
  const pages: Page<Row>[] = parents.map(() => ({ rows: [], places: [], hasNextPage: false }))
  for (const row of rows) {
    const { rows: found, places } = pages[row.parent_ordinal - 1]
    if (found.length === first) pages[row.parent_ordinal - 1].hasNextPage = true
    else {
      found.push(row)
      if (row.page_cursor !== undefined) places.push(row.page_cursor)
    }
  }
  return pages
}

/** Rows a parent has under `filter`, in one statement for all parents. */
export async function countPages(
  on: Executor,
  collection: Collection,
  parents: readonly ParentKey[],
  filter?: Sql,
): Promise<number[]> {
  const ofParent = parentCondition(collection, columnOfParent)
  const condition = filter ? sql`${ofParent} and ${filter}` : ofParent
  const rows = await on.query<{ count: number }>(sql`
    select counted.count from ${parentTable(collection, parents)} cross join lateral (
      select count(*)::int4 as count from ${collection.from} where ${condition}
    ) counted order by p.ordinal`)
  return rows.map((row) => row.count)
}

function parentTable({ parent }: Collection, parents: readonly ParentKey[]): Sql {
  if (parent.length === 0) return sql`(values (1)) p(ordinal)`
  const arrays = columnsOf(parents, parent.length).map((keys, i) => sql`${keys}::${raw(parent[i][1])}[]`)
  const names = parent.map((_, i) => raw(`key_${i}`))
  return sql`unnest(${join(arrays)}) with ordinality p(${join(names)}, ordinal)`
}

/**
 * The select of one parent's page, behind the word. Of a single parent the values themselves stand in it: planned in
 * half the time, and of tables divided by hash Postgres sees the one partition, where beneath a join it estimates a
 * single row of each and sorts all that follow the cursor (50 instead of 8 ms for 100,000 regions).
 */
function pageOf(
  collection: Collection,
  { first, after, order, filter, columns: selected = collection.columns, cursors = true }: PageRequest,
  parentValue: ParentValue,
): Sql {
  const columns = order.columns.map(([name]) => raw(name))
  const direction = raw(order.descending ? 'desc' : 'asc')
  const conditions = [parentCondition(collection, parentValue)]
  if (filter) conditions.push(filter)
  if (after != null) conditions.push(afterCursor(order, after))
  // One text a row: an array would be parsed value by value, also where nobody asks for cursors.
  const texts = columns.map((column) => sql`${column}::text`)
  const place = cursors ? sql`, json_build_array(${join(texts)})::text as page_cursor` : empty
  return sql`${selected}${place}
    from ${collection.from}
    where ${join(conditions, ' and ')}
    order by ${join(columns.map((column) => sql`${column} ${direction}`))}
    limit ${first + 1}`
}

/** What the i-th column of a collection's parent is compared with. */
type ParentValue = (i: number) => Sql

const columnOfParent: ParentValue = (i) => raw(`p.key_${i}`)

function valueOf({ parent }: Collection, key: ParentKey): ParentValue {
  return (i) => sql`${key[i]}::${raw(parent[i][1])}`
}

function parentCondition({ parent }: Collection, value: ParentValue): Sql {
  if (parent.length === 0) return sql`true`
  return join(
    parent.map(([name, , comparison = '='], i) => sql`${raw(`${name} ${comparison}`)} ${value(i)}`),
    ' and ',
  )
}

function afterCursor(order: Order, cursor: string): Sql {
  const values = decodeCursor(cursor, order.columns.length)
  const columns = order.columns.map(([name]) => raw(name))
  const bounds = order.columns.map(([, type], i) => sql`${values[i]}::text::${raw(type)}`)
  return sql`(${join(columns)}) ${raw(order.descending ? '<' : '>')} (${join(bounds)})`
}

/** The cursor of a row by the values of its order, as text. */
export function encodeCursor(values: readonly string[]): string {
  return cursorOf(JSON.stringify(values))
}

/** The cursor of a row by its place in a page: the values of its order as an array of text in JSON. */
export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url')
}

/** The values in a cursor of so many. Throws BAD_CURSOR. */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const strings = Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
    if (strings.length === length) return strings
  } catch {
    // answered below
  }
  throw badCursor(cursor)
}

/** A cursor whose values Postgres cannot read as the order's types (class 22, data exception) is the user's. */
function explainCursor(error: unknown, cursor: string | null | undefined): unknown {
  const isDataException = error instanceof pg.DatabaseError && error.code?.startsWith('22')
  return isDataException && cursor != null ? badCursor(cursor) : error
}

/** The error for what is no cursor of a list. */
export function badCursor(cursor: string): AtlasError {
  return new AtlasError(
    'BAD_CURSOR',
    `"${cursor}" is no cursor of this list: pass the endCursor of its last page.`,
  )
}

/** Throws BAD_FIRST, TOO_MANY_REQUESTED where a page must not have this size. */
export function checkFirst(first: number): number {
  if (first >= 0 && first <= MAX_PAGE) return first
  if (first < 0) throw new AtlasError('BAD_FIRST', `first is ${first}: ask for 0 to ${MAX_PAGE} entries.`)
  throw new AtlasError(
    'TOO_MANY_REQUESTED',
    `first is ${first}: ask for at most ${MAX_PAGE} entries and page on with after: endCursor.`,
  )
}
