import { copyInto } from './copy.ts'
import { raw, sql, type Database, type Transaction } from './database.ts'
import { float64Bytes } from './float64.ts'
import { codeRemoverLock, codeWriterLock } from './locks.ts'
import type { BoxFacetRow, BoxValues, FacetRow } from './models.ts'
import { sameBox } from './polytopesToCompute.ts'
import { deleteUnusedCandidates } from './unusedCodes.ts'
import { writeCodes, type CodeColumns } from './writeCodes.ts'

/** A region's polytope with its facets. */
export interface NewPolytope {
  partitionId: number
  region: number
  bitCount: number
  box: BoxValues | null
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

/**
 * Stores the polytope of a region in one transaction. One that is there stays where it was computed in the same box,
 * else it is replaced. Writes nothing where the region is gone. Throws CODE_COLLISION.
 */
export async function writePolytope(db: Database, polytope: NewPolytope): Promise<void> {
  const { partitionId, region, box } = polytope
  const stored = sql`from region_polytope p where p.partition_id = ${partitionId} and p.region = ${region}`
  const replaces = (await db.query(sql`select ${stored}`)).length > 0
  await db.transaction(async (tx) => {
    await tx.query(replaces ? codeRemoverLock : codeWriterLock)
    const open = await tx.query(
      sql`select from region where partition_id = ${partitionId} and index = ${region} for no key update`,
    )
    if (open.length === 0) return
    if ((await tx.query(sql`select ${stored} and ${sameBox(box)}`)).length > 0) return
    if (replaces) await removeFacets(tx, partitionId, region)
    await tx.query(sql`delete ${stored}`)
    if (polytope.codes.count > 0) await writeCodes(tx, polytope.bitCount, polytope.codes)
    await copyFacets(tx, polytope)
    await insertPolytope(tx, polytope)
    if (replaces) await tx.query(deleteUnusedCandidates)
  })
}

/** Removes the facets of a region; their codes become candidates for removal. */
async function removeFacets(tx: Transaction, partitionId: number, region: number): Promise<void> {
  await tx.query(raw('create temporary table candidate (code_hash uuid, bit_count int4) on commit drop'))
  await tx.query(
    sql`with removed as (
          delete from region_facet where partition_id = ${partitionId} and region = ${region}
          returning code_hash, bit_count
        ) insert into candidate select code_hash, bit_count from removed where code_hash is not null`,
  )
}

async function insertPolytope(tx: Transaction, polytope: NewPolytope): Promise<void> {
  const { partitionId, region, box, center, inradius, complete, crossed, sides } = polytope
  await tx.query(
    sql`insert into region_polytope (partition_id, region, facet_count, box_facet_count, center, inradius, complete,
          box_lower, box_upper)
        values (${partitionId}, ${region}, ${crossed.length + sides.length}, ${sides.length},
          ${center && float64Bytes(center)}::bytea, ${inradius}::float8, ${complete},
          ${box && float64Bytes(box.lower)}::bytea, ${box && float64Bytes(box.upper)}::bytea)`,
  )
}

const FACET_COLUMNS = [
  ...['partition_id', 'region', 'rank', 'distance', 'layer', 'unit', 'position', 'bit_distance'],
  ...['code_hash', 'bit_count', 'axis', 'side'],
]

async function copyFacets(tx: Transaction, polytope: NewPolytope): Promise<void> {
  const { partitionId, region, bitCount, crossed, codes, sides } = polytope
  await copyInto(tx, 'region_facet', FACET_COLUMNS, async (rows) => {
    const begin = (rank: number, distance: number) => {
      rows.row()
      rows.int4(partitionId)
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
  })
}
