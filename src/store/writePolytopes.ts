import { copyInto, type RowEncoder } from './copy.ts'
import { raw, sql, type Database, type Transaction } from './database.ts'
import { float64Bytes } from './float64.ts'
import { codeRemoverLock, codeWriterLock } from './locks.ts'
import type { BoxFacetRow, BoxValues, FacetRow } from './models.ts'
import { sameBox } from './polytopesToCompute.ts'
import { deleteUnusedCandidates } from './unusedCodes.ts'
import { joinCodes, writeCodes, type CodeColumns } from './writeCodes.ts'

/** A region's polytope with its facets. */
export interface NewPolytope {
  region: number
  center: Float64Array | null
  /** Null where it is infinite. */
  inradius: number | null
  complete: boolean
  /** The facets of units, by distance, and the codes across them, in the same order. */
  crossed: readonly Omit<FacetRow, 'partitionId' | 'region' | 'rank' | 'codeHash' | 'bitCount'>[]
  codes: CodeColumns
  /** The sides of the box, by distance. */
  sides: readonly Omit<BoxFacetRow, 'partitionId' | 'region'>[]
}

/** The partition whose regions' polytopes are written. */
interface Owner {
  id: number
  bitCount: number
}

/**
 * Stores polytopes of a partition's regions in one transaction. Those that are there stay where they were computed in
 * the same box, else they are replaced. Leaves out those whose regions are gone. Throws CODE_COLLISION.
 */
export async function writePolytopes(
  db: Database,
  partition: Owner,
  box: BoxValues | null,
  polytopes: readonly NewPolytope[],
): Promise<void> {
  const { id, bitCount } = partition
  const regions = polytopes.map(({ region }) => region)
  const stored = sql`from region_polytope p where p.partition_id = ${id} and p.region = any(${regions}::int4[])`
  const replaces = (await db.query(sql`select ${stored}`)).length > 0
  await db.transaction(async (tx) => {
    await tx.query(replaces ? codeRemoverLock : codeWriterLock)
    const open = await tx.query<{ index: number }>(
      sql`select index from region where partition_id = ${id} and index = any(${regions}::int4[]) order by index
          for no key update`,
    )
    const same = await tx.query<{ region: number }>(sql`select p.region ${stored} and ${sameBox(box)}`)
    const wanted = new Set(open.map(({ index }) => index))
    for (const { region } of same) wanted.delete(region)
    const fresh = polytopes.filter(({ region }) => wanted.has(region))
    if (fresh.length === 0) return
    if (replaces) await removeFacets(tx, id, [...wanted])
    await tx.query(
      sql`delete from region_polytope where partition_id = ${id} and region = any(${[...wanted]}::int4[])`,
    )
    await writeCodes(tx, bitCount, joinCodes(fresh.map(({ codes }) => codes)))
    await copyFacets(tx, partition, fresh)
    await copyPolytopes(tx, partition, box, fresh)
    if (replaces) await tx.query(deleteUnusedCandidates)
  })
}

/** Removes the facets of regions; their codes become candidates for removal. */
async function removeFacets(tx: Transaction, partitionId: number, regions: readonly number[]): Promise<void> {
  await tx.query(raw('create temporary table candidate (code_hash uuid, bit_count int4) on commit drop'))
  await tx.query(
    sql`with removed as (
          delete from region_facet where partition_id = ${partitionId} and region = any(${regions}::int4[])
          returning code_hash, bit_count
        ) insert into candidate select distinct code_hash, bit_count from removed where code_hash is not null`,
  )
}

const POLYTOPE_COLUMNS = [
  ...['partition_id', 'region', 'facet_count', 'box_facet_count', 'center', 'inradius', 'complete'],
  ...['box_lower', 'box_upper'],
]

async function copyPolytopes(
  tx: Transaction,
  { id }: Owner,
  box: BoxValues | null,
  polytopes: readonly NewPolytope[],
): Promise<void> {
  await copyInto(tx, 'region_polytope', POLYTOPE_COLUMNS, async (rows) => {
    for (const { region, crossed, sides, center, inradius, complete } of polytopes) {
      rows.row()
      for (const value of [id, region, crossed.length + sides.length, sides.length]) rows.int4(value)
      writeDoubles(rows, center)
      if (inradius === null) rows.null()
      else rows.float8(inradius)
      rows.bool(complete)
      writeDoubles(rows, box && box.lower)
      writeDoubles(rows, box && box.upper)
      await rows.flush()
    }
  })
}

function writeDoubles(rows: RowEncoder, values: Float64Array | null): void {
  if (values === null) rows.null()
  else rows.bytes(float64Bytes(values))
}

const FACET_COLUMNS = [
  ...['partition_id', 'region', 'rank', 'distance', 'layer', 'unit', 'position', 'bit_distance'],
  ...['code_hash', 'bit_count', 'axis', 'side'],
]

async function copyFacets(tx: Transaction, owner: Owner, polytopes: readonly NewPolytope[]): Promise<void> {
  await copyInto(tx, 'region_facet', FACET_COLUMNS, async (rows) => {
    for (const polytope of polytopes) {
      writeFacets(rows, owner, polytope)
      await rows.flush()
    }
  })
}

function writeFacets(rows: RowEncoder, { id, bitCount }: Owner, polytope: NewPolytope): void {
  const { region, crossed, codes, sides } = polytope
  const begin = (rank: number, distance: number) => {
    rows.row()
    rows.int4(id)
    rows.int4(region)
    rows.int4(rank)
    rows.float8(distance)
  }
  crossed.forEach(({ layer, unit, position, distance, bitDistance }, i) => {
    begin(i, distance)
    for (const value of [layer, unit, position, bitDistance]) rows.int4(value)
    rows.bytes(codes.hashes.subarray(16 * i, 16 * i + 16))
    rows.int4(bitCount)
    for (let nulls = 0; nulls < 2; nulls++) rows.null()
  })
  sides.forEach(({ axis, side, distance }, i) => {
    begin(crossed.length + i, distance)
    for (let nulls = 0; nulls < 6; nulls++) rows.null()
    rows.int4(axis)
    rows.bytes(Buffer.from(side))
  })
}
