/** Codes of many regions at once, in bounded pieces. */
import { inCluster, type ClusterKey } from './clusters.ts'
import { sql, type Database, type Sql } from './database.ts'
import { readRegionCodes } from './memberships.ts'

/** Bytes of codes that one statement answers at most, unless one region's code is longer. */
const BYTES_A_READ = 8 << 20

/**
 * Regions of which the codes are read by one join of whole tables rather than looked up piece by piece: ten million in
 * 19 s, where the look-ups, each somewhere else in the table of codes, did not end in 120.
 */
const MANY_REGIONS = 1_000_000

/** A partition's regions, as their codes are read. */
export interface CodedPartition {
  id: number
  regionCount: number
  bitCount: number
}

/** Bytes of one code. */
export function codeBytes({ bitCount }: Pick<CodedPartition, 'bitCount'>): number {
  return Math.ceil(bitCount / 8)
}

/**
 * Packed codes of all regions of each partition, by region index: regionCount x ceil(bitCount / 8) bytes. Small
 * partitions share a statement, large ones take several, those of `manyRegions` or more one each; the number of
 * statements grows with the bytes alone.
 */
export async function readCodesOfPartitions(
  db: Database,
  partitions: readonly CodedPartition[],
  manyRegions = MANY_REGIONS,
): Promise<Buffer[]> {
  const fewer = partitions.filter(({ regionCount }) => regionCount < manyRegions)
  const codes = new Map<CodedPartition, Buffer>()
  for (const [i, read] of (await readInPieces(db, fewer)).entries()) codes.set(fewer[i], read)
  for (const partition of partitions)
    if (partition.regionCount >= manyRegions) codes.set(partition, await readRegionCodes(db, partition.id))
  return partitions.map((partition) => codes.get(partition) ?? Buffer.alloc(0))
}

async function readInPieces(db: Database, partitions: readonly CodedPartition[]): Promise<Buffer[]> {
  const codes = partitions.map((partition) =>
    Buffer.allocUnsafe(partition.regionCount * codeBytes(partition)),
  )
  for (const ranges of statementsOf(partitions)) {
    const rows = await db.query<{ codes: Buffer | null }>(
      sql`select (select string_agg(c.bits, ''::bytea order by r.index)
                  from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
                  where r.partition_id = k.partition_id and r.index >= k.first and r.index < k.past) as codes
          from unnest(${ranges.map(({ of }) => partitions[of].id)}::int4[],
            ${ranges.map(({ first }) => first)}::int4[], ${ranges.map(({ past }) => past)}::int4[])
            with ordinality k(partition_id, first, past, ordinal)
          order by k.ordinal`,
    )
    for (const [i, { of, first }] of ranges.entries())
      codes[of].set(rows[i].codes ?? [], first * codeBytes(partitions[of]))
  }
  return codes
}

/** Regions `first` to `past` (exclusive) of the partition number `of`. */
interface Range {
  of: number
  first: number
  past: number
}

function statementsOf(partitions: readonly CodedPartition[]): Range[][] {
  const statements: Range[][] = []
  let room = 0
  for (const [of, partition] of partitions.entries()) {
    const bytes = Math.max(1, codeBytes(partition))
    for (let first = 0; first < partition.regionCount;) {
      if (room < bytes) {
        statements.push([])
        room = Math.max(BYTES_A_READ, bytes)
      }
      const past = Math.min(partition.regionCount, first + Math.floor(room / bytes))
      statements[statements.length - 1].push({ of, first, past })
      room -= (past - first) * bytes
      first = past
    }
  }
  return statements
}

/** Which regions of a partition: by index, by inputs that have a site in them, by a label among theirs, by cluster. */
export type RegionSelection =
  | ({ by: 'cluster' } & ClusterKey)
  | { by: 'regions'; indices: readonly number[] }
  | { by: 'inputs'; indices: readonly number[] }
  | { by: 'label'; label: number }

/** Codes of the selected regions, each once, in pieces of at most about 8 MiB. */
export async function* readSelectedCodes(
  db: Database,
  partition: CodedPartition,
  selection: RegionSelection,
): AsyncGenerator<{ codes: Buffer; rows: number }> {
  const bytes = Math.max(1, codeBytes(partition))
  const rowsARead = Math.max(1, Math.floor(BYTES_A_READ / bytes))
  const condition = selectionCondition(partition.id, selection)
  for (let first = 0; first < partition.regionCount; first += rowsARead) {
    const [{ codes, rows }] = await db.query<{ codes: Buffer | null; rows: number }>(
      sql`select string_agg(c.bits, ''::bytea) as codes, count(*)::int4 as rows
          from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
          where r.partition_id = ${partition.id} and r.index >= ${first} and r.index < ${first + rowsARead}
            and ${condition}`,
    )
    if (codes) yield { codes, rows }
  }
}

function selectionCondition(partitionId: number, selection: RegionSelection): Sql {
  if (selection.by === 'cluster') return inCluster(selection)
  if (selection.by === 'regions') return sql`r.index = any(${selection.indices}::int4[])`
  if (selection.by === 'label') return sql`${selection.label}::int4 = any(r.labels)`
  return sql`r.index in (select m.region from membership m
    where m.partition_id = ${partitionId} and m.input_index = any(${selection.indices}::int4[]))`
}
