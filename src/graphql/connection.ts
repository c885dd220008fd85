/** Relay connections, as resolvers hand them on: GraphQL's default resolvers call the model's functions. */
import type { PageLoader } from '../store/batch.ts'
import type { Sql } from '../store/database.ts'
import { checkFirst, type Order, type ParentKey } from '../store/page.ts'

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

/** A connection whose page is only read, and whose rows are only counted, where a query asks for them. */
export interface ConnectionModel<Row, Edge extends { cursor: string } = EdgeModel<Row>> {
  edges: () => Promise<Edge[]>
  nodes: () => Promise<Row[]>
  pageInfo: () => Promise<PageInfoModel>
  totalCount: () => Promise<number>
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

/** A connection over a page that is read at most once; an edge whose node is null adds nothing to `nodes`. */
export function connectionOf<Row, Edge extends { cursor: string }>(
  read: () => Promise<{ edges: Edge[]; hasNextPage: boolean }>,
  nodeOf: (edge: Edge) => Row | null,
  hasPreviousPage: boolean,
  count: () => Promise<number>,
): ConnectionModel<Row, Edge> {
  let page: ReturnType<typeof read> | undefined
  const load = () => (page ??= read())
  return {
    edges: async () => (await load()).edges,
    nodes: async () => (await load()).edges.map(nodeOf).filter((node) => node !== null),
    async pageInfo() {
      const { edges, hasNextPage } = await load()
      return {
        hasNextPage,
        hasPreviousPage,
        startCursor: edges.at(0)?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      }
    },
    totalCount: count,
  }
}

/** What a page shows beside its paging arguments. */
export interface PageOptions {
  order: Order
  filter?: Sql
  /** The number of rows on all pages, where it is known without counting. */
  count?: () => Promise<number>
}

/** The page of a stored collection that hangs on `parent`. Throws BAD_FIRST, TOO_MANY_REQUESTED, BAD_CURSOR. */
export function storedConnection<Row extends object>(
  loader: PageLoader<Row>,
  parent: ParentKey,
  args: PageArguments,
  { order, filter, count = () => loader.count(parent, filter) }: PageOptions,
): ConnectionModel<Row> {
  const first = firstOf(args)
  const read = async () => {
    const { rows, hasNextPage } = await loader.page(parent, { first, after: args.after, order, filter })
    return { edges: rows.map(({ row, cursor }) => ({ cursor, node: row })), hasNextPage }
  }
  return connectionOf(read, ({ node }) => node, args.after != null, count)
}
