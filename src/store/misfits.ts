/** Sites in regions that are nearly pure in another label than theirs. */
import { pageLoader } from './batch.ts'
import { raw, sql, type Database, type Sql } from './database.ts'
import type { MisfitRow } from './models.ts'
import type { Order } from './page.ts'

/** The purest region first, ties in the order of the dataset: a page sorts the partition's misfits. */
export const misfitOrder: Order = {
  columns: [
    ['r.purity', 'float8'],
    ['(-m.input_index)', 'int4'],
    ['(-m.position)', 'int4'],
  ],
  descending: true,
}

/** Loader of the sites of a partition whose label is not their region's. */
export function misfitLoaders(db: Database) {
  return {
    misfits: pageLoader<MisfitRow>(db, {
      columns: raw(
        `i.dataset_id as "datasetId", i.index, i.label, m.partition_id as "partitionId", m.position, m.region,
          r.label as "regionLabel"`,
      ),
      from: raw(`region r join partition t on t.id = r.partition_id
        join membership m on m.partition_id = r.partition_id and m.region = r.index
        join input i on i.dataset_id = t.dataset_id and i.index = m.input_index and i.label <> r.label`),
      parent: [['r.partition_id', 'int4']],
    }),
  }
}

/** Condition for the misfits in regions of some purity and size; in those that are wholly pure there are none. */
export function misfitFilter(minPurity: number, minMembers: number): Sql {
  return sql`r.purity >= ${minPurity}::float8 and r.purity < 1 and r.member_count >= ${minMembers}::int4`
}
