import { groupInKeyOrder, inKeyOrder, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { copyOut } from './copyOut.ts'
import { raw, sql, type Database } from './database.ts'
import type { CurveKind, DirectionKind, DirectionRow, DirectionSetRow, StoredCurve } from './directionRows.ts'
import { float64Values } from './float64.ts'
import { existing } from './existing.ts'

const COLUMNS = raw(`t.id, t.partition_id as "partitionId", t.components, t.seed, t.dimensions,
  t.factor_error as "factorError", t.factor_rounds as "factorRounds", t.computed_at as "computedAt",
  t.job_id as "jobId", t.created_at as "createdAt"`)

/** Loaders of direction sets; one set a request. */
export function directionSetLoaders(db: Database) {
  return {
    directionSetById: tupleLoader<[number], DirectionSetRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<DirectionSetRow>(
        sql`select ${COLUMNS} from direction_set t where t.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    /** By (partition, components, seed). */
    directionSetByKey: tupleLoader<[number, number, number], DirectionSetRow | null>(async (keys) => {
      const [partitions, components, seeds] = columnsOf(keys, 3)
      const rows = await db.query<DirectionSetRow>(
        sql`select ${COLUMNS} from unnest(${partitions}::int4[], ${components}::int4[], ${seeds}::int4[])
              k(partition_id, components, seed)
            join direction_set t using (partition_id, components, seed)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.components, row.seed])
    }),
    directionSetsOfPartition: tupleLoader<[number], DirectionSetRow[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<DirectionSetRow>(
        sql`select ${COLUMNS} from direction_set t where t.partition_id = any(${ids}::int4[]) order by t.id`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.partitionId])
    }),
    /** By (set, kind), in the order of their index. */
    directions: tupleLoader<[number, DirectionKind], DirectionRow[]>(async (keys) => {
      const [sets, kinds] = columnsOf(keys, 2)
      const rows = await db.query<DirectionRow>(
        sql`select d.set_id as "setId", d.kind, d.index, d.share, d.values
            from unnest(${sets}::int4[], ${kinds}::text[]) k(set_id, kind)
            join direction d on d.set_id = k.set_id and d.kind::text = k.kind
            order by d.index`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.setId, row.kind])
    }),
  }
}

/** The curves of a computed direction set. */
export async function readCurves(db: Database, setId: number): Promise<Record<CurveKind, StoredCurve>> {
  const query = `select kind::text::bytea, direction_counts, label_entropy, least_label_entropy, purity,
      mutual_information
    from direction_curve where set_id = ${setId}`
  const curves = new Map<string, StoredCurve>()
  for await (const [kind, counts, entropy, least, purity, information] of copyOut(db, query)) {
    if (!kind || !counts || !entropy || !least || !purity || !information) continue
    curves.set(kind.toString(), {
      directionCounts: new Int32Array(Uint8Array.from(counts).buffer),
      labelEntropy: float64Values(entropy),
      leastLabelEntropy: float64Values(least),
      purity: float64Values(purity),
      mutualInformation: float64Values(information),
    })
  }
  const curveOf = (kind: CurveKind) => existing(curves.get(kind) ?? null)
  return {
    UNIT: curveOf('UNIT'),
    PRINCIPAL_COMPONENT: curveOf('PRINCIPAL_COMPONENT'),
    NON_NEGATIVE_FACTOR: curveOf('NON_NEGATIVE_FACTOR'),
    CHANCE: curveOf('CHANCE'),
  }
}
