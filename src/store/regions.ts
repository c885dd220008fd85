import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { inCluster, type ClusterKey } from './clusters.ts'
import { join, raw, sql, type Database, type Sql } from './database.ts'
import type { MemberRow, RegionRow } from './models.ts'
import { byRegion, type Order } from './page.ts'
import { partitionFilter } from './partitions.ts'
import { REGION_COLUMNS } from './regionColumns.ts'

/** Orders of `Partition.regions`; each is served by an index of the table. */
export const regionOrders = {
  INDEX_ASC: { columns: [['r.index', 'int4']] } as Order,
  MEMBER_COUNT_ASC: byRegion('r.member_count', 'int4', false),
  MEMBER_COUNT_DESC: byRegion('r.member_count', 'int4', true),
  LABEL_ENTROPY_ASC: byRegion('r.label_entropy', 'float8', false),
  LABEL_ENTROPY_DESC: byRegion('r.label_entropy', 'float8', true),
  ACTIVE_BITS_ASC: byRegion('r.active_bit_count', 'int4', false),
  ACTIVE_BITS_DESC: byRegion('r.active_bit_count', 'int4', true),
} satisfies Record<string, Order>

/** Regions of any partition, in the order of their keys. */
export const regionKeyOrder: Order = {
  columns: [
    ['r.partition_id', 'int4'],
    ['r.index', 'int4'],
  ],
}

/** Members of a region in the order of the dataset. */
export const memberOrder: Order = {
  columns: [
    ['m.input_index', 'int4'],
    ['m.position', 'int4'],
  ],
}

/** Loaders of regions and their members; one set a request. */
export function regionLoaders(db: Database) {
  return {
    /** By (partition, index). */
    region: tupleLoader<[number, number], RegionRow | null>(async (keys) => {
      const [partitions, indices] = columnsOf(keys, 2)
      const rows = await db.query<RegionRow>(
        sql`select ${REGION_COLUMNS} from unnest(${partitions}::int4[], ${indices}::int4[]) k(partition_id, index)
            join region r using (partition_id, index)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.index])
    }),
    /** By (partition, input, position). */
    regionOfSite: tupleLoader<[number, number, number], RegionRow | null>(async (keys) => {
      const [partitions, inputs, positions] = columnsOf(keys, 3)
      const rows = await db.query<RegionRow & { inputIndex: number; position: number }>(
        sql`select ${REGION_COLUMNS}, m.input_index as "inputIndex", m.position
            from unnest(${partitions}::int4[], ${inputs}::int4[], ${positions}::int4[])
              k(partition_id, input_index, position)
            join membership m using (partition_id, input_index, position)
            join region r on r.partition_id = m.partition_id and r.index = m.region`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.inputIndex, row.position])
    }),
    regionsOfPartition: pageLoader<RegionRow>(db, {
      columns: REGION_COLUMNS,
      from: raw('region r'),
      parent: [['r.partition_id', 'int4']],
    }),
    /** By (dataset, input), of computed partitions. */
    regionsOfInput: pageLoader<RegionRow>(db, {
      columns: REGION_COLUMNS,
      from: raw(`partition t join membership m on m.partition_id = t.id and t.computed_at is not null
        join region r on r.partition_id = m.partition_id and r.index = m.region`),
      parent: [
        ['t.dataset_id', 'int4'],
        ['m.input_index', 'int4'],
      ],
    }),
    /** Members by index, position and margin alone, which are not looked up in other tables. */
    placesOfMembers: pageLoader<MemberRow>(db, {
      columns: raw('m.input_index as index, m.position, m.margin'),
      from: raw('membership m'),
      parent: [
        ['m.partition_id', 'int4'],
        ['m.region', 'int4'],
      ],
    }),
    membersOfRegion: pageLoader<MemberRow>(db, {
      columns:
        raw(`i.dataset_id as "datasetId", i.index, i.label, m.partition_id as "partitionId", m.position,
        m.margin`),
      from: raw(`membership m join partition t on t.id = m.partition_id
        join input i on i.dataset_id = t.dataset_id and i.index = m.input_index`),
      parent: [
        ['m.partition_id', 'int4'],
        ['m.region', 'int4'],
      ],
    }),
  }
}

/** The regions of an input, partition by partition. */
export const inputRegionOrder: Order = {
  columns: [
    ['t.id', 'int4'],
    ['m.position', 'int4'],
  ],
}

/** Condition for the `Input.regions` filter. */
export function inputRegionFilter(filter: {
  networks?: readonly string[] | null
  fromLayer?: number | null
  toLayer?: number | null
  granularity?: string | null
  position?: number | null
}): Sql {
  const { networks, position, ...span } = filter
  const conditions = [partitionFilter(span)]
  if (networks != null)
    conditions.push(sql`t.network_id in (select id from network where name = any(${[...networks]}::text[]))`)
  if (position != null) conditions.push(sql`m.position = ${position}::int4`)
  return join(conditions, ' and ')
}

/** A condition on one bit of a region's code, by its place in the code. */
export interface BitValue {
  bit: number
  value: boolean
}

/** Condition for the `Partition.regions` filter. Bits are read with `get_bit`, whose order is the code's. */
export function regionFilter(filter: {
  memberCount?: Range | null
  labelEntropy?: Range | null
  label?: number | null
  bits?: readonly BitValue[]
  cluster?: ClusterKey | null
}): Sql {
  const conditions = [
    ...rangeConditions('r.member_count', 'int4', filter.memberCount),
    ...rangeConditions('r.label_entropy', 'float8', filter.labelEntropy),
  ]
  if (filter.label != null) conditions.push(sql`r.label = ${filter.label}::int4`)
  if (filter.cluster) conditions.push(inCluster(filter.cluster))
  if (filter.bits && filter.bits.length > 0) {
    // Postgres may read the bits before it compares hashes, of codes of all widths: a shorter one has no such bit.
    const tests = filter.bits.map(
      ({ bit, value }) =>
        sql`case when c.bit_count > ${bit}::int4 then get_bit(c.bits, ${bit}::int4) = ${value ? 1 : 0}::int4 end`,
    )
    conditions.push(sql`exists (select from code c
      where c.hash = r.code_hash and c.bit_count = r.bit_count and ${join(tests, ' and ')})`)
  }
  return conditions.length === 0 ? sql`true` : join(conditions, ' and ')
}

interface Range {
  min?: number | null
  max?: number | null
}

function rangeConditions(column: string, type: string, range: Range | null | undefined): Sql[] {
  const conditions: Sql[] = []
  if (range?.min != null) conditions.push(sql`${raw(column)} >= ${range.min}::${raw(type)}`)
  if (range?.max != null) conditions.push(sql`${raw(column)} <= ${range.max}::${raw(type)}`)
  return conditions
}
