import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { join, raw, sql, type Database, type Sql } from './database.ts'
import type { SegmentGroupKind, SegmentGroupRow, SegmentRow, SegmentSetRow } from './models.ts'
import type { Order } from './page.ts'
import type { SegmentSetKey } from './path.ts'

const COLUMNS =
  raw(`t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer",
  t.to_layer as "toLayer", t.pairs, t.seed, t.pair_count::float8 as "pairCount", t.segment_count as "segmentCount",
  t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt"`)

export const segmentSetOrder: Order = { columns: [['t.id', 'int4']] }

/** A segment set's natural key as a tuple: network, dataset, fromLayer, toLayer, pairs, seed. */
export type SegmentSetTuple = [string, string, number, number, number, number]

export function segmentSetTuple(key: SegmentSetKey): SegmentSetTuple {
  return [key.network, key.dataset, key.fromLayer, key.toLayer, key.pairs, key.seed]
}

/** Groups from those over many labels to those of single pairs of labels. */
export const segmentGroupOrder: Order = { columns: [['g.index', 'int4']] }

const by = (expression: string, type: string, descending: boolean): Order => ({
  columns: [
    [expression, type],
    ['s.index', 'int4'],
  ],
  descending,
})

/** A density with a place in the order where there is none: after all others. */
const density = (none: string) => `coalesce((s.region_count - 1) / nullif(s.length, 0), '${none}'::float8)`

/** Orders of `SegmentSet.segments`; an index serves each but those by density, which sort the set. */
export const segmentOrders = {
  INDEX_ASC: { columns: [['s.index', 'int4']] } as Order,
  LENGTH_ASC: by('s.length', 'float8', false),
  LENGTH_DESC: by('s.length', 'float8', true),
  REGION_COUNT_ASC: by('s.region_count', 'int4', false),
  REGION_COUNT_DESC: by('s.region_count', 'int4', true),
  BOUNDARY_DENSITY_ASC: by(density('Infinity'), 'float8', false),
  BOUNDARY_DENSITY_DESC: by(density('-1'), 'float8', true),
} satisfies Record<string, Order>

/** Loaders of segment sets, their groups and their segments; one set a request. */
export function segmentSetLoaders(db: Database) {
  return {
    segmentSetById: tupleLoader<[number], SegmentSetRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<SegmentSetRow>(
        sql`select ${COLUMNS} from segment_set t where t.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    segmentSetByKey: tupleLoader<SegmentSetTuple, SegmentSetRow | null>(async (keys) => {
      const [networks, datasets, from, to, pairs, seeds] = columnsOf(keys, 6)
      const rows = await db.query<SegmentSetRow & { network: string; dataset: string }>(
        sql`select ${COLUMNS}, k.network, k.dataset
            from unnest(${networks}::text[], ${datasets}::text[], ${from}::int4[], ${to}::int4[], ${pairs}::int4[],
              ${seeds}::int4[]) k(network, dataset, from_layer, to_layer, pairs, seed)
            join network n on n.name = k.network
            join dataset d on d.name = k.dataset
            join segment_set t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer
              and t.to_layer = k.to_layer and t.pairs = k.pairs and t.seed = k.seed`,
      )
      return inKeyOrder(keys, rows, (row) => segmentSetTuple(row))
    }),
    segmentSetsOfNetwork: pageLoader<SegmentSetRow>(db, {
      columns: COLUMNS,
      from: raw('segment_set t'),
      parent: [['t.network_id', 'int4']],
    }),
    segmentGroups: pageLoader<SegmentGroupRow>(db, {
      columns: raw(`g.set_id as "setId", g.index, g.kind, g.label_a as "labelA", g.label_b as "labelB",
        g.first_segment as "firstSegment", g.count, g.zero_length_count as "zeroLengthCount", g.estimates`),
      from: raw('segment_group g'),
      parent: [['g.set_id', 'int4']],
    }),
    segments: pageLoader<SegmentRow>(db, {
      columns:
        raw(`s.set_id as "setId", s.index, s.from_input as "fromInput", s.to_input as "toInput", s.length,
        s.region_count as "regionCount", s.endpoint_distance as "endpointDistance",
        s.prediction_changes as "predictionChanges"`),
      from: raw('segment s'),
      parent: [['s.set_id', 'int4']],
    }),
  }
}

/** Condition for the groups of one kind. */
export function groupKindFilter(kind: SegmentGroupKind): Sql {
  return sql`g.kind = ${kind}::text::"SegmentGroupKind"`
}

/**
 * Condition for the segments of a computed set: those of the groups of a kind, and with one label at an end or two
 * labels at the two.
 */
export function segmentFilter(kind: SegmentGroupKind | null, labels: readonly number[]): Sql {
  const conditions: Sql[] = []
  if (kind !== null) conditions.push(inGroup(groupKindFilter(kind)))
  if (labels.length === 1) conditions.push(inGroup(sql`${labels[0]}::int4 in (g.label_a, g.label_b)`))
  if (labels.length === 2) {
    const [a, b] = [Math.min(...labels), Math.max(...labels)]
    conditions.push(inGroup(sql`g.label_a = ${a}::int4 and g.label_b = ${b}::int4`))
  }
  return conditions.length === 0 ? sql`true` : join(conditions, ' and ')
}

function inGroup(condition: Sql): Sql {
  return sql`exists (select from segment_group g where g.set_id = s.set_id and s.index >= g.first_segment
    and s.index < g.first_segment + g.count and ${condition})`
}
