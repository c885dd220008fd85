/** Relay connections, as resolvers hand them on: GraphQL's default resolvers read every field off the model. */
import type { Page } from '../store/page.ts'

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

/** One page of a connection. `totalCount` is a function, so that only a query that asks for it counts. */
export interface ConnectionModel<Row, Edge extends EdgeModel<Row> = EdgeModel<Row>> {
  edges: Edge[]
  nodes: Row[]
  pageInfo: PageInfoModel
  totalCount: () => Promise<number>
}

/**
 * The connection of a page that the store read. `after` is the cursor that was asked for; `count` answers the
 * rows of all pages together.
 */
export function toConnection<Row>(
  page: Page<Row>,
  after: string | null | undefined,
  count: () => Promise<number>,
): ConnectionModel<Row> {
  const edges = page.rows.map(({ row, cursor }) => ({ cursor, node: row }))
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after != null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: count,
  }
}
