import { inKeyOrder, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database } from './database.ts'

/** A code. */
export class CodeRow {
  /** 32 hexadecimal digits. */
  readonly hash: string
  readonly bitCount: number
  readonly bits: Buffer
  readonly activeBitCount: number

  constructor(hash: string, bitCount: number, bits: Buffer, activeBitCount: number) {
    this.hash = hash
    this.bitCount = bitCount
    this.bits = bits
    this.activeBitCount = activeBitCount
  }

  /** The bytes of its bits as hexadecimal digits. */
  get hex(): string {
    return this.bits.toString('hex')
  }
}

const COLUMNS = raw(`replace(c.hash::text, '-', '') as hash, c.bit_count as "bitCount", c.bits,
  c.active_bit_count as "activeBitCount"`)

/** Loader of codes by (hash as 32 hexadecimal digits, bit count). */
export function codeLoaders(db: Database) {
  return {
    code: tupleLoader<[string, number], CodeRow | null>(async (keys) => {
      const [hashes, bitCounts] = columnsOf(keys, 2)
      const rows = await db.query<Omit<CodeRow, 'hex'>>(
        sql`select ${COLUMNS} from unnest(${hashes}::uuid[], ${bitCounts}::int4[]) k(hash, bit_count)
            join code c using (hash, bit_count)`,
      )
      const codes = rows.map((row) => new CodeRow(row.hash, row.bitCount, row.bits, row.activeBitCount))
      return inKeyOrder(keys, codes, (row) => [row.hash, row.bitCount])
    }),
  }
}
