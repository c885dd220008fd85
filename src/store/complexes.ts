import { groupInKeyOrder, inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database } from './database.ts'
import type { BoxSide, ComplexRegionRow, ComplexRow } from './models.ts'
import { byRegion, type Order } from './page.ts'
import type { ComplexKey } from './path.ts'

const COLUMNS =
  raw(`x.id, x.network_id as "networkId", x.to_layer as "toLayer", x.box_hash as "boxHash", x.lower,
  x.upper, x.bit_count as "bitCount", x.region_limit as "regionLimit", x.region_count as "regionCount",
  x.frontier_count as "frontierCount", x.undecided_count as "undecidedCount", x.job_id as "jobId",
  x.created_at as "createdAt"`)

const REGION_COLUMNS =
  raw(`r.complex_id as "complexId", r.index, replace(r.code_hash::text, '-', '') as "codeHash",
  r.bit_count as "bitCount", r.complete, r.center, r.inradius, r.degree, r.sources, r.neighbors, r.distances, r.map,
  r.singular_values as "singularValues"`)

export const complexOrder: Order = { columns: [['x.id', 'int4']] }

/** Orders of `Complex.regions`; each is served by an index of the table. */
export const complexRegionOrders = {
  INDEX_ASC: { columns: [['r.index', 'int4']] } as Order,
  INRADIUS_ASC: byRegion('r.inradius', 'float8', false),
  INRADIUS_DESC: byRegion('r.inradius', 'float8', true),
  DEGREE_ASC: byRegion('r.degree', 'int4', false),
  DEGREE_DESC: byRegion('r.degree', 'int4', true),
} satisfies Record<string, Order>

/** Every region of the box is enumerated, with all of its facets. */
export function isComplete({ regionCount, frontierCount, undecidedCount }: ComplexRow): boolean {
  return regionCount > 0 && frontierCount === 0 && undecidedCount === 0
}

/** The side of the box that a facet's source stands for, which is below 0: -1 - 2 axis - upper. */
export function boxSideOf(source: number): { axis: number; side: BoxSide } {
  const side = -1 - source
  return { axis: side >> 1, side: side % 2 === 1 ? 'UPPER' : 'LOWER' }
}

/** How many regions of a complex have a number of neighbours. */
export interface DegreeRow {
  complexId: number
  degree: number
  regionCount: number
}

/** A complex's natural key as a tuple: network, toLayer, boxHash. */
export type ComplexTuple = [string, number, string]

export function complexTuple({ network, toLayer, boxHash }: ComplexKey): ComplexTuple {
  return [network, toLayer, boxHash]
}

/** Loaders of complexes and their regions; one set a request. */
export function complexLoaders(db: Database) {
  return {
    complexById: tupleLoader<[number], ComplexRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<ComplexRow>(
        sql`select ${COLUMNS} from complex x where x.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    complexByKey: tupleLoader<ComplexTuple, ComplexRow | null>(async (keys) => {
      const [networks, toLayers, boxes] = columnsOf(keys, 3)
      const rows = await db.query<ComplexRow & { network: string }>(
        sql`select ${COLUMNS}, n.name as network
            from unnest(${networks}::text[], ${toLayers}::int4[], ${boxes}::text[]) k(network, to_layer, box_hash)
            join network n on n.name = k.network
            join complex x on x.network_id = n.id and x.to_layer = k.to_layer and x.box_hash = k.box_hash`,
      )
      return inKeyOrder(keys, rows, (row) => complexTuple(row))
    }),
    complexesOfNetwork: pageLoader<ComplexRow>(db, {
      columns: COLUMNS,
      from: raw('complex x'),
      parent: [['x.network_id', 'int4']],
    }),
    /** By complex, ascending. */
    degreesOfComplex: tupleLoader<[number], DegreeRow[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<DegreeRow>(
        sql`select r.complex_id as "complexId", r.degree, count(*)::int4 as "regionCount" from complex_region r
            where r.complex_id = any(${ids}::int4[]) and r.complete group by 1, 2 order by 1, 2`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.complexId])
    }),
    /** By (complex, index). */
    complexRegion: tupleLoader<[number, number], ComplexRegionRow | null>(async (keys) => {
      const [complexes, indices] = columnsOf(keys, 2)
      const rows = await db.query<ComplexRegionRow>(
        sql`select ${REGION_COLUMNS} from unnest(${complexes}::int4[], ${indices}::int4[]) k(complex_id, index)
            join complex_region r using (complex_id, index)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.complexId, row.index])
    }),
    /** By (complex, hash of the code as 32 hexadecimal digits). */
    complexRegionByCode: tupleLoader<[number, string], ComplexRegionRow | null>(async (keys) => {
      const [complexes, hashes] = columnsOf(keys, 2)
      const rows = await db.query<ComplexRegionRow>(
        sql`select ${REGION_COLUMNS} from unnest(${complexes}::int4[], ${hashes}::uuid[]) k(complex_id, code_hash)
            join complex x on x.id = k.complex_id
            join complex_region r on r.complex_id = x.id and r.code_hash = k.code_hash and r.bit_count = x.bit_count`,
      )
      return inKeyOrder(keys, rows, (row) => [row.complexId, row.codeHash])
    }),
    regionsOfComplex: pageLoader<ComplexRegionRow>(db, {
      columns: REGION_COLUMNS,
      from: raw('complex_region r'),
      parent: [['r.complex_id', 'int4']],
    }),
  }
}
