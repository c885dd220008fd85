import {
  besideChance,
  sortUnits,
  unitStatistics,
  type UnitStatistics,
} from '../jobs/direct/unitStatistics.ts'
import type { LayerRow } from '../store/models.ts'
import { badCursor, decodeCursor, encodeCursor } from '../store/page.ts'
import { firstOf, pageInfoOf } from './connection.ts'
import type { Context } from './context.ts'
import type { LayerUnitsArgs } from './generated/types.ts'
import { datasetOfName, networkOf } from './lookup.ts'
import type { UnitStatisticsConnectionModel } from './models.ts'

/** The units of a layer over a dataset, a page of them. Throws what `unitStatistics` throws, and UNKNOWN_DATASET. */
export async function readUnits(
  layer: LayerRow,
  args: LayerUnitsArgs,
  { db, loaders, signal }: Context,
): Promise<UnitStatisticsConnectionModel> {
  const first = firstOf(args)
  const [network, dataset] = await Promise.all([
    networkOf(layer, loaders),
    datasetOfName(args.dataset, loaders),
  ])
  const units = sortUnits(await unitStatistics(db, layer, network.name, dataset), args.orderBy ?? 'INDEX_ASC')
  const begin = args.after == null ? 0 : 1 + placeOf(args.after, units)
  const edges = besideChance(units.slice(begin, begin + first), { layer, dataset }, signal).map((node) => ({
    cursor: encodeCursor([String(node.index)]),
    node,
  }))
  const hasNextPage = begin + first < units.length
  const nodes = edges.map(({ node }) => node)
  const pageInfo = pageInfoOf(edges, { hasNextPage, hasPreviousPage: begin > 0 })
  return { edges, nodes, pageInfo, totalCount: units.length }
}

/** Where the unit of a cursor stands. Throws BAD_CURSOR. */
function placeOf(cursor: string, units: readonly UnitStatistics[]): number {
  const [index] = decodeCursor(cursor, 1)
  const place = units.findIndex((unit) => String(unit.index) === index)
  if (place < 0) throw badCursor(cursor)
  return place
}
