import { AtlasError } from '../../compute/errors.ts'
import { copyInto, ROWS_A_FLUSH } from './copy.ts'
import { raw, type Transaction } from './database.ts'

/** Codes as columns, one entry a code; a code may come several times. */
export interface CodeColumns {
  count: number
  /** count x 16 bytes */
  hashes: Uint8Array
  /** count x ceil(bitCount / 8) bytes */
  codes: Uint8Array
  activeBitCounts: ArrayLike<number>
}

/** The codes of several columns in one. */
export function joinCodes(parts: readonly CodeColumns[]): CodeColumns {
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    hashes: Buffer.concat(parts.map(({ hashes }) => hashes)),
    codes: Buffer.concat(parts.map(({ codes }) => codes)),
    activeBitCounts: parts.flatMap(({ activeBitCounts }) => Array.from(activeBitCounts)),
  }
}

/**
 * Adds the codes that are not there yet; at most once a transaction, which holds `codeWriterLock`. Sorted by key, so
 * that two transactions at once take the same keys in the same order and do not deadlock.
 * @throws AtlasError CODE_COLLISION where two different codes have one hash
 */
export async function writeCodes(tx: Transaction, bitCount: number, codes: CodeColumns): Promise<void> {
  // Kept with the connection: a table made and dropped for each of many small transactions bloats the catalog.
  await tx.query(raw('create temporary table if not exists new_code (like code) on commit delete rows'))
  const stride = Math.ceil(bitCount / 8)
  await copyInto(tx, 'new_code', ['hash', 'bit_count', 'bits', 'active_bit_count'], async (rows) => {
    for (let i = 0; i < codes.count; i++) {
      rows.row()
      rows.bytes(codes.hashes.subarray(16 * i, 16 * i + 16))
      rows.int4(bitCount)
      rows.bytes(codes.codes.subarray(stride * i, stride * i + stride))
      rows.int4(codes.activeBitCounts[i])
      if (i % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
  const [{ inserted }] = await tx.query<{ inserted: number }>(
    raw(`with fresh as (
           insert into code select * from new_code order by hash, bit_count on conflict do nothing returning 1
         ) select count(*)::int4 as inserted from fresh`),
  )
  if (inserted === codes.count) return
  const [{ collisions }] = await tx.query<{ collisions: number }>(
    raw(`select count(*)::int4 as collisions from new_code n join code c using (hash, bit_count)
         where c.bits <> n.bits`),
  )
  if (collisions > 0)
    throw new AtlasError(
      'CODE_COLLISION',
      `${collisions} codes have the 128-bit hash of another code: these regions cannot be stored.`,
    )
}
