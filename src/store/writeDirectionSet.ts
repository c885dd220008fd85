import { bytesOf } from './bytesOf.ts'
import { join, sql, type Database, type Transaction } from './database.ts'
import type { CurveKind, DirectionKind, StoredCurve } from './directionRows.ts'

/** A computed direction set to store. */
export interface NewDirectionSet {
  factorError: number
  factorRounds: number
  directions: { kind: DirectionKind; index: number; share: number | null; values: Float32Array }[]
  curves: Record<CurveKind, StoredCurve>
}

/** Stores a direction set and marks it as computed, in one transaction; one that is computed stays as it is. */
export async function writeDirectionSet(db: Database, id: number, found: NewDirectionSet): Promise<void> {
  await db.transaction(async (tx) => {
    const marked = await tx.query(
      sql`update direction_set set factor_error = ${found.factorError}, factor_rounds = ${found.factorRounds},
            computed_at = clock_timestamp()
          where id = ${id} and computed_at is null returning id`,
    )
    if (marked.length === 0) return
    await insertDirections(tx, id, found.directions)
    await insertCurves(tx, id, found.curves)
  })
}

async function insertDirections(
  tx: Transaction,
  id: number,
  directions: NewDirectionSet['directions'],
): Promise<void> {
  const rows = directions.map(
    ({ kind, index, share, values }) =>
      sql`(${id}::int4, ${kind}::text::"DirectionKind", ${index}::int4, ${share}::float8, ${bytesOf(values)}::bytea)`,
  )
  await tx.query(sql`insert into direction (set_id, kind, index, share, values) values ${join(rows)}`)
}

async function insertCurves(
  tx: Transaction,
  id: number,
  curves: Record<CurveKind, StoredCurve>,
): Promise<void> {
  const rows = Object.entries(curves).map(([kind, curve]) => {
    const { directionCounts, labelEntropy, leastLabelEntropy, purity, mutualInformation } = curve
    const values = [directionCounts, labelEntropy, leastLabelEntropy, purity, mutualInformation]
    return sql`(${id}::int4, ${kind}::text::"CurveKind", ${join(values.map((array) => sql`${bytesOf(array)}::bytea`))})`
  })
  await tx.query(
    sql`insert into direction_curve (set_id, kind, direction_counts, label_entropy, least_label_entropy, purity,
          mutual_information)
        values ${join(rows)}`,
  )
}
