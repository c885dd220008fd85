import { copyInto } from './copy.ts'
import { sql, type Database } from './database.ts'

/**
 * Stores the k nearest neighbours of every region, replacing fewer or more stored before, in one transaction.
 * `indices` and `distances` are regions x k, -1 where a region has fewer.
 */
export async function writeNeighbors(
  db: Database,
  partitionId: number,
  k: number,
  indices: Int32Array,
  distances: Int32Array,
): Promise<void> {
  await db.transaction(async (tx) => {
    const open = await tx.query(sql`select id from partition where id = ${partitionId} for no key update`)
    if (open.length === 0) return
    await tx.query(sql`delete from region_neighbor where partition_id = ${partitionId}`)
    const columns = ['partition_id', 'region', 'rank', 'neighbor', 'distance']
    await copyInto(tx, 'region_neighbor', columns, async (rows) => {
      for (let i = 0; i < indices.length; i++) {
        if (indices[i] < 0) continue
        rows.row()
        rows.int4(partitionId)
        rows.int4(Math.floor(i / k))
        rows.int4(i % k)
        rows.int4(indices[i])
        rows.int4(distances[i])
        if (i % 8192 === 0) await rows.flush()
      }
    })
    await tx.query(sql`update partition set neighbor_count = ${k} where id = ${partitionId}`)
  })
}
