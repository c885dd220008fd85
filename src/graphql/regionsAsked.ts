/** Which columns of regions a query needs. */
import type { Sql } from '../store/database.ts'
import { REGION_COLUMNS, regionColumns, type RegionColumn } from '../store/regionColumns.ts'
import type { Asked } from './asked.ts'

/** What fields of Region read beside its key; those that are missing here may read anything. */
const READ_BY: Readonly<Partial<Record<string, readonly RegionColumn[]>>> = {
  __typename: [],
  id: [],
  index: [],
  partition: [],
  path: ['codeHash'],
  code: ['codeHash', 'bitCount', 'activeBitCount', 'bits'],
  memberCount: ['memberCount'],
  members: ['memberCount'],
  activeBitCount: ['activeBitCount'],
  exact: [],
  exemplar: ['exemplarInput'],
  exemplarPosition: ['exemplarPosition'],
  labelCounts: ['labels', 'labelCounts'],
  labelEntropy: ['labelEntropy'],
  purity: ['purity'],
  margin: ['margin'],
  neighbors: [],
  polytope: [],
  sharedWith: ['codeHash', 'bitCount'],
}

const lists = new WeakMap<Asked, Sql>()

/** The select list for what is asked of the regions of a connection, whose edges may name a region or its code too. */
export function regionColumnsAsked(connection: Asked): Sql {
  let list = lists.get(connection)
  if (!list) lists.set(connection, (list = listOf(connection)))
  return list
}

function listOf(connection: Asked): Sql {
  const edges = connection.of('edges')
  const fields = [edges.of('node'), edges.of('region'), connection.of('nodes')].flatMap(({ names }) => [
    ...names,
  ])
  if (edges.has('code')) fields.push('code')
  const columns = new Set<RegionColumn>()
  for (const field of fields) {
    const read = READ_BY[field]
    if (!read) return REGION_COLUMNS
    for (const column of read) columns.add(column)
  }
  return regionColumns(columns)
}
