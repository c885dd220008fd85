import { copyInto } from './copy.ts'
import { sql, type Database, type Transaction } from './database.ts'
import type { ComparisonFlips, ComparisonMetrics } from './models.ts'

export interface NewComparison {
  aId: number
  bId: number
  siteCount: number
  metrics: ComparisonMetrics
  baseline: ComparisonMetrics
  baselineSeed: number
  sharedCodeCount: number
  flips: ComparisonFlips | null
  /** Columns, best match first. */
  matchedRegions: { a: Int32Array; b: Int32Array; jaccard: Float64Array; shared: Int32Array }
  matchedUnits: {
    aLayer: Int32Array
    aUnit: Int32Array
    bLayer: Int32Array
    bUnit: Int32Array
    correlation: Float64Array
  }
}

/** Stores a comparison in one transaction; one that is there already stays as it is. */
export async function writeComparison(db: Database, comparison: NewComparison): Promise<void> {
  await db.transaction(async (tx) => {
    const { metrics, baseline, flips } = comparison
    const inserted = await tx.query<{ id: number }>(
      sql`insert into comparison (a_id, b_id, site_count, metrics, baseline, baseline_seed, shared_code_count, flips)
          values (${comparison.aId}, ${comparison.bId}, ${comparison.siteCount}, ${JSON.stringify(metrics)}::jsonb,
            ${JSON.stringify(baseline)}::jsonb, ${comparison.baselineSeed}, ${comparison.sharedCodeCount},
            ${flips && JSON.stringify(flips)}::jsonb)
          on conflict do nothing returning id`,
    )
    for (const { id } of inserted) {
      await copyMatchedRegions(tx, id, comparison.matchedRegions)
      await copyMatchedUnits(tx, id, comparison.matchedUnits)
    }
  })
}

async function copyMatchedRegions(tx: Transaction, id: number, matched: NewComparison['matchedRegions']) {
  const columns = ['comparison_id', 'rank', 'region_a', 'region_b', 'jaccard', 'shared_members']
  await copyInto(tx, 'matched_region', columns, async (rows) => {
    for (let rank = 0; rank < matched.a.length; rank++) {
      rows.row()
      rows.int4(id)
      rows.int4(rank)
      rows.int4(matched.a[rank])
      rows.int4(matched.b[rank])
      rows.float8(matched.jaccard[rank])
      rows.int4(matched.shared[rank])
      if (rank % 8192 === 0) await rows.flush()
    }
  })
}

async function copyMatchedUnits(tx: Transaction, id: number, matched: NewComparison['matchedUnits']) {
  const columns = ['comparison_id', 'rank', 'layer_a', 'unit_a', 'layer_b', 'unit_b', 'correlation']
  await copyInto(tx, 'matched_unit', columns, async (rows) => {
    for (let rank = 0; rank < matched.aLayer.length; rank++) {
      rows.row()
      rows.int4(id)
      rows.int4(rank)
      rows.int4(matched.aLayer[rank])
      rows.int4(matched.aUnit[rank])
      rows.int4(matched.bLayer[rank])
      rows.int4(matched.bUnit[rank])
      rows.float8(matched.correlation[rank])
      if (rank % 8192 === 0) await rows.flush()
    }
  })
}
