import { checkReady } from '../jobs/commands/readyPartition.ts'
import { createDisagreements, rankDisagreements } from '../jobs/direct/disagreements.ts'
import { badCursor, decodeCursor, encodeCursor } from '../store/page.ts'
import { firstOf, pageInfoOf } from './connection.ts'
import type { Context } from './context.ts'
import type { QueryDisagreementsArgs } from './generated/types.ts'
import { datasetOf, partitionOfId } from './lookup.ts'
import type { DisagreementConnectionModel } from './models.ts'

/** The inputs on which two partitions' networks disagree, a page of them. Throws what the schema tells. */
export async function readDisagreements(
  args: Pick<QueryDisagreementsArgs, 'a' | 'b'> & Partial<QueryDisagreementsArgs>,
  { db, loaders, signal }: Context,
): Promise<DisagreementConnectionModel> {
  const first = firstOf(args)
  const after = args.after == null ? null : placeOf(args.after)
  const ids = await Promise.all([partitionOfId(args.a, loaders), partitionOfId(args.b, loaders)])
  const [a, b] = ids.map(checkReady)
  const [dataset, layersA, layersB] = await Promise.all([
    datasetOf(a, loaders),
    loaders.layersOfNetwork.load([a.networkId]),
    loaders.layersOfNetwork.load([b.networkId]),
  ])
  const disagreements = createDisagreements(db, { a, b, dataset, layersA, layersB }, signal)
  // One more than the page has, to know whether there is a next one.
  const page = { by: args.by ?? 'PREDICTION', most: first + 1, after }
  const found = await rankDisagreements(disagreements, page)
  const edges = found.ranked.slice(0, first).map(({ index, value }) => ({
    cursor: encodeCursor([String(value), String(index)]),
    node: { datasetId: dataset.id, index, disagreements },
  }))
  const hasNextPage = found.ranked.length > first
  const nodes = edges.map(({ node }) => node)
  const pageInfo = pageInfoOf(edges, { hasNextPage, hasPreviousPage: after !== null })
  return { edges, nodes, pageInfo, totalCount: found.total }
}

/** The value and the input behind which a page begins. Throws BAD_CURSOR. */
function placeOf(cursor: string): { value: number; index: number } {
  const [value, index] = decodeCursor(cursor, 2).map(Number)
  if (Number.isFinite(value) && Number.isInteger(index)) return { value, index }
  throw badCursor(cursor)
}
