import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database } from './database.ts'
import type { ComparisonRow, MatchedRegionRow, MatchedUnitRow } from './models.ts'
import type { Order } from './page.ts'

const COLUMNS =
  raw(`c.id, c.a_id as "aId", c.b_id as "bId", c.site_count as "siteCount", c.metrics, c.baseline,
  c.baseline_seed as "baselineSeed", c.shared_code_count as "sharedCodeCount", c.flips`)

/** Matches from the best on. */
export const matchOrder: Order = { columns: [['m.rank', 'int4']] }

/** Loaders of comparisons; one set a request. */
export function comparisonLoaders(db: Database) {
  return {
    comparisonById: tupleLoader<[number], ComparisonRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<ComparisonRow>(
        sql`select ${COLUMNS} from comparison c where c.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    /** By (partition a, partition b). */
    comparisonOf: tupleLoader<[number, number], ComparisonRow | null>(async (keys) => {
      const [a, b] = columnsOf(keys, 2)
      const rows = await db.query<ComparisonRow>(
        sql`select ${COLUMNS} from unnest(${a}::int4[], ${b}::int4[]) k(a_id, b_id)
            join comparison c using (a_id, b_id)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.aId, row.bId])
    }),
    matchedRegions: pageLoader<MatchedRegionRow>(db, {
      columns:
        raw(`m.comparison_id as "comparisonId", m.rank, m.region_a as "regionA", m.region_b as "regionB",
        m.jaccard, m.shared_members as "sharedMembers"`),
      from: raw('matched_region m'),
      parent: [['m.comparison_id', 'int4']],
    }),
    matchedUnits: pageLoader<MatchedUnitRow>(db, {
      columns: raw(`m.comparison_id as "comparisonId", m.rank, m.layer_a as "layerA", m.unit_a as "unitA",
        m.layer_b as "layerB", m.unit_b as "unitB", m.correlation`),
      from: raw('matched_unit m'),
      parent: [['m.comparison_id', 'int4']],
    }),
  }
}
