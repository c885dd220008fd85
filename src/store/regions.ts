import { columnsOf, inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { join, raw, sql, type Database, type Sql } from './database.ts'
import type { InputRow, RegionRow } from './models.ts'
import type { Order } from './page.ts'

const COLUMNS =
  raw(`r.partition_id as "partitionId", r.index, replace(r.code_hash::text, '-', '') as "codeHash",
  r.bit_count as "bitCount", r.member_count as "memberCount", r.active_bit_count as "activeBitCount",
  r.exemplar_input as "exemplarInput", r.exemplar_position as "exemplarPosition", r.label, r.labels,
  r.label_counts as "labelCounts", r.label_entropy as "labelEntropy", r.purity, r.margin`)

const by = (name: string, type: string, descending: boolean): Order => ({
  columns: [
    [name, type],
    ['r.index', 'int4'],
  ],
  descending,
})

/** Orders of `Partition.regions`; each is served by an index of the table. */
export const regionOrders = {
  INDEX_ASC: { columns: [['r.index', 'int4']] } as Order,
  MEMBER_COUNT_ASC: by('r.member_count', 'int4', false),
  MEMBER_COUNT_DESC: by('r.member_count', 'int4', true),
  LABEL_ENTROPY_ASC: by('r.label_entropy', 'float8', false),
  LABEL_ENTROPY_DESC: by('r.label_entropy', 'float8', true),
  ACTIVE_BITS_ASC: by('r.active_bit_count', 'int4', false),
  ACTIVE_BITS_DESC: by('r.active_bit_count', 'int4', true),
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
        sql`select ${COLUMNS} from unnest(${partitions}::int4[], ${indices}::int4[]) k(partition_id, index)
            join region r using (partition_id, index)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.index])
    }),
    /** By (partition, code hash as 32 hexadecimal digits). */
    regionByCode: tupleLoader<[number, string], RegionRow | null>(async (keys) => {
      const [partitions, hashes] = columnsOf(keys, 2)
      const rows = await db.query<RegionRow>(
        sql`select ${COLUMNS} from unnest(${partitions}::int4[], ${hashes}::uuid[]) k(partition_id, code_hash)
            join partition t on t.id = k.partition_id
            join region r on r.code_hash = k.code_hash and r.bit_count = t.bit_count
              and r.partition_id = k.partition_id`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.codeHash])
    }),
    /**
     * By (network, first layer, last layer, code hash): in the first of the network's WHOLE_INPUT partitions with this
     * span that has the code.
     */
    regionOfSpan: tupleLoader<[number, number, number, string], RegionRow | null>(async (keys) => {
      const [networks, from, to, hashes] = columnsOf(keys, 4)
      const rows = await db.query<RegionRow & { networkId: number; fromLayer: number; toLayer: number }>(
        sql`select distinct on (t.network_id, t.from_layer, t.to_layer, r.code_hash) ${COLUMNS},
              t.network_id as "networkId", t.from_layer as "fromLayer", t.to_layer as "toLayer"
            from unnest(${networks}::int4[], ${from}::int4[], ${to}::int4[], ${hashes}::uuid[])
              k(network_id, from_layer, to_layer, code_hash)
            join partition t on t.network_id = k.network_id and t.from_layer = k.from_layer
              and t.to_layer = k.to_layer and t.granularity = 'WHOLE_INPUT'
            join region r on r.code_hash = k.code_hash and r.bit_count = t.bit_count and r.partition_id = t.id
            order by t.network_id, t.from_layer, t.to_layer, r.code_hash, t.id`,
      )
      return inKeyOrder(keys, rows, (row) => [row.networkId, row.fromLayer, row.toLayer, row.codeHash])
    }),
    /** By (partition, input, position). */
    regionOfSite: tupleLoader<[number, number, number], RegionRow | null>(async (keys) => {
      const [partitions, inputs, positions] = columnsOf(keys, 3)
      const rows = await db.query<RegionRow & { inputIndex: number; position: number }>(
        sql`select ${COLUMNS}, m.input_index as "inputIndex", m.position
            from unnest(${partitions}::int4[], ${inputs}::int4[], ${positions}::int4[])
              k(partition_id, input_index, position)
            join membership m using (partition_id, input_index, position)
            join region r on r.partition_id = m.partition_id and r.index = m.region`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.inputIndex, row.position])
    }),
    regionsOfPartition: pageLoader<RegionRow>(db, {
      columns: COLUMNS,
      from: raw('region r'),
      parent: [['r.partition_id', 'int4']],
    }),
    regionsOfCode: pageLoader<RegionRow>(db, {
      columns: COLUMNS,
      from: raw('region r'),
      parent: [
        ['r.code_hash', 'uuid'],
        ['r.bit_count', 'int4'],
      ],
    }),
    /** The other partitions' regions of a code; by (code hash, bit count, partition to leave out). */
    regionsElsewhere: pageLoader<RegionRow>(db, {
      columns: COLUMNS,
      from: raw('region r'),
      parent: [
        ['r.code_hash', 'uuid'],
        ['r.bit_count', 'int4'],
        ['r.partition_id', 'int4', '<>'],
      ],
    }),
    membersOfRegion: pageLoader<InputRow>(db, {
      columns: raw('i.dataset_id as "datasetId", i.index, i.label'),
      from: raw(`membership m join partition t on t.id = m.partition_id
        join input i on i.dataset_id = t.dataset_id and i.index = m.input_index`),
      parent: [
        ['m.partition_id', 'int4'],
        ['m.region', 'int4'],
      ],
    }),
  }
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
}): Sql {
  const conditions = [
    ...rangeConditions('r.member_count', 'int4', filter.memberCount),
    ...rangeConditions('r.label_entropy', 'float8', filter.labelEntropy),
  ]
  if (filter.label != null) conditions.push(sql`r.label = ${filter.label}::int4`)
  if (filter.bits && filter.bits.length > 0) {
    const tests = filter.bits.map(
      ({ bit, value }) => sql`get_bit(c.bits, ${bit}::int4) = ${value ? 1 : 0}::int4`,
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
