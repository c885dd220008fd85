/** Relay connections, as resolvers hand them on. */
import type { GraphQLResolveInfo } from 'graphql'
import type { PageLoader } from '../store/batch.ts'
import type { Sql } from '../store/database.ts'
import { checkFirst, cursorOf, type Order, type Page, type ParentKey } from '../store/page.ts'
import { askedOf, type Asked } from './asked.ts'

/** Edges of a page where the client does not say how many. */
export const DEFAULT_FIRST = 20

/** One edge of a connection: its keyset cursor and its node. */
export interface EdgeModel<Row> {
  cursor: string
  node: Row
}

/** Where a page stands in its connection. */
export interface PageInfoModel {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

/**
 * A connection, with what a query asks for. Plain properties: where they were functions, a compiled query called each
 * with closures and a path made for it.
 */
export interface ConnectionModel<Row, Edge extends { cursor: string } = EdgeModel<Row>> {
  edges?: readonly Edge[]
  nodes?: readonly Row[]
  pageInfo?: PageInfoModel
  totalCount?: number
}

/** The paging arguments of a field. */
export interface PageArguments {
  first?: number | null
  after?: string | null
}

/** How many edges a field asks for. Throws BAD_FIRST, TOO_MANY_REQUESTED. */
export function firstOf({ first }: PageArguments): number {
  return checkFirst(first ?? DEFAULT_FIRST)
}

/** A page of a connection that is there. */
export interface PageModel<Row, Edge> {
  edges: readonly Edge[]
  /** The node of an edge; null where it adds nothing to `nodes`. */
  nodeOf(edge: Edge): Row | null
  hasNextPage: boolean
  hasPreviousPage: boolean
}

/** What a query asks of a connection with this page. */
export function connectionOf<Row, Edge extends { cursor: string }>(
  asked: Asked,
  { edges, nodeOf, hasNextPage, hasPreviousPage }: PageModel<Row, Edge>,
): ConnectionModel<Row, Edge> {
  return {
    edges,
    nodes: asked.has('nodes') ? edges.map(nodeOf).filter((node) => node !== null) : undefined,
    pageInfo: asked.has('pageInfo') ? pageInfoOf(edges, { hasNextPage, hasPreviousPage }) : undefined,
  }
}

/** Where a page stands, by its edges. */
export function pageInfoOf(
  edges: readonly { cursor: string }[],
  has: Pick<PageInfoModel, 'hasNextPage' | 'hasPreviousPage'>,
): PageInfoModel {
  return { ...has, startCursor: edges.at(0)?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null }
}

/** Reads the page of a connection, and counts its rows, where a query asks for that. */
export async function readConnection<Row, Edge extends { cursor: string }>(
  asked: Asked,
  read: () => Promise<ConnectionModel<Row, Edge>>,
  count: () => Promise<number>,
): Promise<ConnectionModel<Row, Edge>> {
  if (!asked.has('totalCount')) return read()
  const asksForPage = asked.has('edges') || asked.has('nodes') || asked.has('pageInfo')
  const [page, totalCount] = await Promise.all([asksForPage ? read() : {}, count()])
  return { ...page, totalCount }
}

/** What a page shows beside its paging arguments. */
export interface PageOptions {
  order: Order
  filter?: Sql
  /** The select list for what is asked, where rows need not be whole. */
  columns?: (asked: Asked) => Sql
  /** The number of rows on all pages, where it is known without counting. */
  count?: () => Promise<number>
}

/** The page of a stored collection that hangs on `parent`. Throws BAD_FIRST, TOO_MANY_REQUESTED, BAD_CURSOR. */
export async function storedConnection<Row extends object>(
  loader: PageLoader<Row>,
  parent: ParentKey,
  args: PageArguments,
  info: GraphQLResolveInfo,
  { order, filter, columns, count = () => loader.count(parent, filter) }: PageOptions,
): Promise<ConnectionModel<Row>> {
  const asked = askedOf(info)
  const { after } = args
  const request = {
    first: firstOf(args),
    after,
    order,
    filter,
    columns: columns?.(asked),
    cursors: needsCursors(asked),
  }
  return readConnection(
    asked,
    async () => {
      const page = await loader.page(parent, request)
      // Without edges, which take an object each.
      if (!asked.has('edges') && !asked.has('pageInfo')) return { nodes: page.rows }
      return connectionOf(asked, {
        edges: edgesOf(page, (node, place) => new StoredEdge(node, place)),
        nodeOf: ({ node }) => node,
        hasNextPage: page.hasNextPage,
        hasPreviousPage: after != null,
      })
    },
    count,
  )
}

/** An edge to a row of a page. */
export class StoredEdge<Row> implements EdgeModel<Row> {
  readonly node: Row
  readonly place: string | undefined

  /** @param place of the row in its list; undefined where cursors are not asked for */
  constructor(node: Row, place: string | undefined) {
    this.node = node
    this.place = place
  }

  get cursor(): string {
    if (this.place === undefined) throw new Error('The cursors of this page were not read.')
    return cursorOf(this.place)
  }
}

/** The edges of a page. */
export function edgesOf<Row, Edge>(
  { rows, places }: Page<Row>,
  toEdge: (node: Row, place: string | undefined) => Edge,
): Edge[] {
  return rows.map((row, i) => toEdge(row, places.at(i)))
}

/** Whether anything is asked of a connection that takes the cursors of its rows. */
export function needsCursors(asked: Asked): boolean {
  return asked.has('pageInfo') || asked.of('edges').has('cursor')
}
