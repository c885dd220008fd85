import type { MemberRow, RegionRow } from '../store/models.ts'
import { memberOrder } from '../store/regions.ts'
import type { Asked } from './asked.ts'
import {
  connectionOf,
  edgesOf,
  firstOf,
  needsCursors,
  readConnection,
  StoredEdge,
  type PageArguments,
} from './connection.ts'
import type { Context } from './context.ts'
import type { InputConnectionModel, InputEdgeModel } from './models.ts'

/** The members of a region in the order of the dataset. Throws BAD_FIRST, TOO_MANY_REQUESTED, BAD_CURSOR. */
export async function membersOfRegion(
  { partitionId, index, memberCount }: RegionRow,
  args: PageArguments,
  { loaders }: Context,
  asked: Asked,
): Promise<InputConnectionModel> {
  const { page } = asksForPlacesAlone(asked) ? loaders.placesOfMembers : loaders.membersOfRegion
  const { after } = args
  const request = { first: firstOf(args), after, order: memberOrder, cursors: needsCursors(asked) }
  return readConnection(
    asked,
    async () => {
      const found = await page([partitionId, index], request)
      return connectionOf(asked, {
        edges: edgesOf(found, (node, place) => new MemberEdge(node, place)),
        nodeOf: ({ node }) => node,
        hasNextPage: found.hasNextPage,
        hasPreviousPage: after != null,
      })
    },
    async () => memberCount,
  )
}

const PLACES: ReadonlySet<string> = new Set(['cursor', 'position', 'margin', 'node'])
const PLACES_OF_NODES: ReadonlySet<string> = new Set(['__typename', 'index'])

const known = new WeakMap<Asked, boolean>()

/** Whether all that is asked of members is which sites they are, and how far inside. */
function asksForPlacesAlone(asked: Asked): boolean {
  let alone = known.get(asked)
  if (alone === undefined) {
    const edges = asked.of('edges')
    const nodes = [...edges.of('node').names, ...asked.of('nodes').names]
    alone =
      [...edges.names].every((name) => PLACES.has(name)) && nodes.every((name) => PLACES_OF_NODES.has(name))
    known.set(asked, alone)
  }
  return alone
}

/** A member of a region: the input, and which of its sites. Properties, since a compiled query makes closures and a path for each resolver. */
class MemberEdge extends StoredEdge<MemberRow> implements InputEdgeModel {
  readonly position: number
  readonly margin: number

  constructor(node: MemberRow, place: string | undefined) {
    super(node, place)
    this.position = node.position
    this.margin = node.margin
  }
}
