import {
  keepPreviousData,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQuery,
  type UseQueryResult,
} from '@tanstack/react-query'
import { print } from '@0no-co/graphql.web'
import { atlas, type TadaDocumentNode } from './atlas.ts'

interface AnswerOptions {
  /** Milliseconds after which to ask again, for as long as the answer is shown; never where left out. */
  refetchInterval?: number
}

/**
 * The answer to a query, once it is there: until then the nearest Suspense shows, and an error goes to the nearest
 * boundary (`Panel` has both). One request is shared by all who ask the same.
 */
export function useAnswer<Result, Variables extends object>(
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
  options: AnswerOptions = {},
): Result {
  return useSuspenseQuery({ ...request(document, variables), ...options }).data
}

/** As `useAnswer`, without suspending: for what changes under the hand, where the last answer stays while it does. */
export function useLiveAnswer<Result, Variables extends object>(
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
  options: AnswerOptions & { enabled?: boolean } = {},
): UseQueryResult<Result> {
  return useQuery({ ...request(document, variables), placeholderData: keepPreviousData, ...options })
}

function request<Result, Variables extends object>(
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
) {
  return {
    queryKey: [print(document), variables],
    queryFn: ({ signal }: { signal: AbortSignal }) => atlas.query(document, variables, { signal }),
  }
}

/** A connection, as far as paging reads it. */
interface Connection<Row> {
  edges: readonly Row[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  totalCount: number
}

/** The rows of a connection that are fetched so far. */
export interface Pages<Row> {
  rows: readonly Row[]
  totalCount: number
  /** Fetches the next page; nothing where there is none or it is on its way. */
  fetchMore: () => void
}

/** A connection page by page: `document` takes `$after`, and `pick` finds the connection in its answer. */
export function usePages<Result, Variables extends object, Row>(
  document: TadaDocumentNode<Result, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (answer: Result) => Connection<Row> | null | undefined,
): Pages<Row> {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery({
    queryKey: ['pages', print(document), variables],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      atlas.query(document, { ...variables, after: pageParam } as Variables, { signal }),
    getNextPageParam: (last) => {
      const info = pick(last)?.pageInfo
      return info?.hasNextPage ? info.endCursor : undefined
    },
  })
  return {
    rows: data.pages.flatMap((page) => pick(page)?.edges ?? []),
    totalCount: pick(data.pages[0])?.totalCount ?? 0,
    fetchMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
  }
}
