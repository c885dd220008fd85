import { groupInKeyOrder, inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { raw, sql, type Database } from './database.ts'
import type { SeriesMemberRow, SeriesRow } from './models.ts'
import type { Order } from './page.ts'

const COLUMNS = raw('s.id, s.name, s.description, s.created_at as "createdAt"')

export const seriesOrder: Order = { columns: [['s.name', 'text']] }

/** Loaders of series and their members; one set a request. */
export function seriesLoaders(db: Database) {
  return {
    seriesById: tupleLoader<[number], SeriesRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<SeriesRow>(
        sql`select ${COLUMNS} from series s where s.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    seriesByName: tupleLoader<[string], SeriesRow | null>(async (keys) => {
      const names = keys.map(([name]) => name)
      const rows = await db.query<SeriesRow>(
        sql`select ${COLUMNS} from series s where s.name = any(${names}::text[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.name])
    }),
    /** All members of a series, in order. */
    membersOfSeries: tupleLoader<[number], SeriesMemberRow[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<SeriesMemberRow>(
        sql`select m.series_id as "seriesId", m.index, m.network_id as "networkId", m.step
            from series_member m where m.series_id = any(${ids}::int4[]) order by m.series_id, m.index`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.seriesId])
    }),
    series: pageLoader<SeriesRow>(db, { columns: COLUMNS, from: raw('series s'), parent: [] }),
    seriesOfNetwork: pageLoader<SeriesRow>(db, {
      columns: COLUMNS,
      from: raw('series s join series_member m on m.series_id = s.id'),
      parent: [['m.network_id', 'int4']],
    }),
  }
}
