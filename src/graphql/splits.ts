import { splitRegions } from '../jobs/direct/splits.ts'
import { existing } from '../store/existing.ts'
import type { ComparisonRow } from '../store/models.ts'
import { badCursor, decodeCursor, encodeCursor } from '../store/page.ts'
import { firstOf, pageInfoOf } from './connection.ts'
import type { Context } from './context.ts'
import type { ComparisonSplitsArgs, SplitOrder } from './generated/types.ts'
import type { RegionSplitConnectionModel } from './models.ts'

const ORDERS = { ENTROPY_DESC: 'ENTROPY', PARTS_DESC: 'PARTS', MEMBER_COUNT_DESC: 'MEMBERS' } as const

/** How the regions of one side are split by the other's, a page of them. A cursor holds its order and rank. */
export async function readSplits(
  { aId, bId }: ComparisonRow,
  args: Partial<ComparisonSplitsArgs>,
  { db, loaders, signal }: Context,
): Promise<RegionSplitConnectionModel> {
  const first = firstOf(args)
  const orderBy = args.orderBy ?? 'ENTROPY_DESC'
  const from = args.after == null ? 0 : 1 + rankOf(args.after, orderBy)
  const [a, b] = await Promise.all([aId, bId].map((id) => loaders.partitionById.load([id])))
  const [own, other] = args.side === 'B' ? [existing(b), existing(a)] : [existing(a), existing(b)]
  const splits = await splitRegions(db, own, other, { order: ORDERS[orderBy], from, first }, signal)
  const edges = splits.map((node, i) => ({ cursor: encodeCursor([orderBy, String(from + i)]), node }))
  const hasNextPage = from + first < own.regionCount
  const nodes = edges.map(({ node }) => node)
  const pageInfo = pageInfoOf(edges, { hasNextPage, hasPreviousPage: from > 0 })
  return { edges, nodes, pageInfo, totalCount: own.regionCount }
}

/** The rank behind which a page begins. Throws BAD_CURSOR. */
function rankOf(cursor: string, order: SplitOrder): number {
  const [of, rank] = decodeCursor(cursor, 2)
  if (of === order && /^\d{1,9}$/.test(rank)) return Number(rank)
  throw badCursor(cursor)
}
