import { AtlasError } from '../../compute/errors.ts'

/** What a row refers to; it can only be missing where it was deleted between two statements of the request. */
export function existing<Row>(row: Row | null | undefined): Row {
  if (row) return row
  throw new AtlasError('DELETED_MEANWHILE', 'What this refers to was deleted while the query ran: ask again.')
}
