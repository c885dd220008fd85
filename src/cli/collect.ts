import { MAX_PAGE, type Page } from '../store/page.ts'

/** The first rows of a list, page by page. */
export async function collect<Row>(
  first: number,
  page: (request: { first: number; after: string | null }) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let after: string | null = null; ;) {
    const { rows: found, hasNextPage }: Page<Row> = await page({
      first: Math.min(MAX_PAGE, first - rows.length),
      after,
    })
    rows.push(...found.map(({ row }) => row))
    after = found.at(-1)?.cursor ?? null
    if (!hasNextPage || rows.length >= first) return rows
  }
}
