import { copyOutBytes } from './copyOut.ts'
import type { Database } from './database.ts'
import { integersOf } from './encoding.ts'

/** Region of every site of a partition, in the order (input, position). */
export async function readRegionOfSites(db: Database, partitionId: number): Promise<Int32Array> {
  const query = `select int4send(region) from membership where partition_id = ${partitionId}
    order by input_index, position`
  return integersOf(await copyOutBytes(db, query))
}

/** Hashes of the codes of all regions of a partition, by region index: regionCount x 16 bytes. */
export function readRegionHashes(db: Database, partitionId: number): Promise<Buffer> {
  return copyOutBytes(db, `select code_hash from region where partition_id = ${partitionId} order by index`)
}

/** Packed codes of all regions of a partition, by region index: regionCount x ceil(bitCount / 8) bytes. */
export function readRegionCodes(db: Database, partitionId: number): Promise<Buffer> {
  return copyOutBytes(
    db,
    `select c.bits from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
      where r.partition_id = ${partitionId} order by r.index`,
  )
}
