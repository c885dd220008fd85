/** As much of a page as following it takes. */
interface Page {
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** Follows `endCursor` to the last page; answers the pages. */
export async function allPages<P extends Page>(read: (after: string | null) => Promise<P>): Promise<P[]> {
  const pages = [await read(null)]
  while (pages[pages.length - 1].pageInfo.hasNextPage)
    pages.push(await read(pages[pages.length - 1].pageInfo.endCursor))
  return pages
}
