import { copyInto, ROWS_A_FLUSH } from './copy.ts'
import { sql, type Database, type Executor, type Transaction } from './database.ts'
import { codeWriterLock, membershipLock, partitionLock } from './locks.ts'
import { writeCodes, type CodeColumns } from './writeCodes.ts'

/** All regions of a partition as columns, one entry a region, in order of first appearance. */
export interface RegionColumns extends CodeColumns {
  memberCounts: ArrayLike<number>
  exemplarInputs: ArrayLike<number>
  exemplarPositions: ArrayLike<number>
  /** Most frequent label, -1 where there is none. */
  labels: ArrayLike<number>
  distinctLabels: readonly (readonly number[])[]
  labelCounts: readonly (readonly number[])[]
  labelEntropies: ArrayLike<number>
  purities: ArrayLike<number>
  margins: ArrayLike<number>
}

/** Memberships as columns, one entry a site: sites are inputs x positions, in order. */
export interface MembershipColumns {
  /** Those of one input. */
  positions: readonly number[]
  regions: Int32Array
  margins: Float32Array
}

/**
 * Writes the regions and memberships of a partition and marks it computed. The memberships are written at the
 * same time on a connection of their own, which keeps a second core busy; they mean nothing without their
 * regions, which appear all at once with the mark, so that nobody sees half a partition, and the next attempt
 * replaces what a killed one left of them. Answers false, writing nothing, where the partition is computed
 * already or gone. Throws CODE_COLLISION where two different codes have one hash.
 */
export async function writePartition(
  db: Database,
  partition: { id: number; bitCount: number; labelEntropy: number },
  regions: RegionColumns,
  memberships: MembershipColumns,
): Promise<boolean> {
  const written = await writeRows(db, partition, regions, memberships)
  if (written && regions.count >= ANALYZED) await db.query(sql`analyze region, membership, code`)
  return written
}

/**
 * Regions at least of a partition behind which Postgres takes new statistics at once (0.1 s). Autovacuum comes within a
 * minute or so, and the neighbour search, which often follows, is read by a nested loop before: 300,000 codes in 0.8
 * instead of 0.4 s while they lie in memory, and a disk's seek a code where they do not.
 */
const ANALYZED = 100_000

async function writeRows(
  db: Database,
  partition: { id: number; bitCount: number; labelEntropy: number },
  regions: RegionColumns,
  memberships: MembershipColumns,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query(partitionLock(partition.id))
    await tx.query(codeWriterLock)
    const open = await tx.query(
      sql`select id from partition where id = ${partition.id} and computed_at is null`,
    )
    if (open.length === 0) return false
    const membershipsWritten = replaceMemberships(db, partition.id, memberships)
    // Reported below; until then a failure must not count as unhandled.
    membershipsWritten.catch(() => undefined)
    try {
      await writeCodes(tx, partition.bitCount, regions)
      await copyRegions(tx, partition, regions)
    } catch (error) {
      await membershipsWritten.then(() => deleteMemberships(db, partition.id))
      throw error
    }
    await membershipsWritten
    await tx.query(
      sql`update partition set region_count = ${regions.count}, label_entropy = ${partition.labelEntropy}::float8,
            computed_at = clock_timestamp() where id = ${partition.id}`,
    )
    return true
  })
}

function replaceMemberships(db: Database, id: number, memberships: MembershipColumns): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.query(membershipLock(id))
    await deleteMemberships(tx, id)
    await copyMemberships(tx, id, memberships)
  })
}

async function deleteMemberships(on: Executor, partitionId: number): Promise<void> {
  await on.query(sql`delete from membership where partition_id = ${partitionId}`)
}

const REGION_COLUMNS = [
  'partition_id',
  'index',
  'code_hash',
  'bit_count',
  'member_count',
  'active_bit_count',
  'exemplar_input',
  'exemplar_position',
  'label',
  'labels',
  'label_counts',
  'label_entropy',
  'purity',
  'margin',
]

async function copyRegions(
  tx: Transaction,
  partition: { id: number; bitCount: number },
  regions: RegionColumns,
): Promise<void> {
  await copyInto(tx, 'region', REGION_COLUMNS, async (rows) => {
    for (let i = 0; i < regions.count; i++) {
      rows.row()
      rows.int4(partition.id)
      rows.int4(i)
      rows.bytes(regions.hashes.subarray(16 * i, 16 * i + 16))
      rows.int4(partition.bitCount)
      rows.int4(regions.memberCounts[i])
      rows.int4(regions.activeBitCounts[i])
      rows.int4(regions.exemplarInputs[i])
      rows.int4(regions.exemplarPositions[i])
      if (regions.labels[i] < 0) rows.null()
      else rows.int4(regions.labels[i])
      rows.int4Array(regions.distinctLabels[i])
      rows.int4Array(regions.labelCounts[i])
      rows.float8(regions.labelEntropies[i])
      rows.float8(regions.purities[i])
      rows.float4(regions.margins[i])
      if (i % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}

async function copyMemberships(tx: Transaction, partitionId: number, memberships: MembershipColumns) {
  const { positions, regions, margins } = memberships
  const columns = ['partition_id', 'input_index', 'position', 'region', 'margin']
  await copyInto(tx, 'membership', columns, async (rows) => {
    for (let site = 0; site < regions.length; site++) {
      rows.row()
      rows.int4(partitionId)
      rows.int4(Math.floor(site / positions.length))
      rows.int4(positions[site % positions.length])
      rows.int4(regions[site])
      rows.float4(margins[site])
      if (site % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}
