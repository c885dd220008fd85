import { sql, type Executor } from './database.ts'
import { matrixMetrics, type MatrixMetric } from './matrixMetrics.ts'

/** One metric of one comparison, for the cells of both orders, and the same of its baseline. */
export interface MetricRow {
  aId: number
  bId: number
  forward: number
  backward: number
  baselineForward: number
  baselineBackward: number
}

/** One metric of all stored comparisons among some partitions. */
export function readMetric(
  on: Executor,
  partitionIds: readonly number[],
  metric: MatrixMetric,
): Promise<MetricRow[]> {
  const { forward, backward } = matrixMetrics[metric]
  return on.query<MetricRow>(
    sql`select c.a_id as "aId", c.b_id as "bId",
          (c.metrics #>> ${forward}::text[])::float8 as forward,
          (c.metrics #>> ${backward}::text[])::float8 as backward,
          (c.baseline #>> ${forward}::text[])::float8 as "baselineForward",
          (c.baseline #>> ${backward}::text[])::float8 as "baselineBackward"
        from comparison c
        where c.a_id = any(${partitionIds}::int4[]) and c.b_id = any(${partitionIds}::int4[])`,
  )
}
