import { cursorOf, MAX_PAGE, type Page } from '../store/page.ts'

/** The first rows of a list, page by page. */
export async function collect<Row>(
  first: number,
  page: (request: { first: number; after: string | null }) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let after: string | null = null; ;) {
    const found: Page<Row> = await page({ first: Math.min(MAX_PAGE, first - rows.length), after })
    rows.push(...found.rows)
    const last = found.places.at(-1)
    if (!found.hasNextPage || last === undefined || rows.length >= first) return rows
    after = cursorOf(last)
  }
}
