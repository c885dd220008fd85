import { existing } from '../../store/existing.ts'
import type { InputRow, MemberRow } from '../../store/models.ts'
import { placeOf } from '../../store/positions.ts'
import type { InputEdgeResolvers } from '../generated/types.ts'
import { layerOf } from '../lookup.ts'

/** An input in a connection; of a region's members, the site that is the member. */
export const inputEdgeResolvers: InputEdgeResolvers = {
  position: ({ node }) => memberOf(node)?.position ?? null,
  margin: ({ node }) => memberOf(node)?.margin ?? null,
  async place({ node }, _args, { loaders }) {
    const member = memberOf(node)
    if (!member) return null
    const { networkId, fromLayer, granularity } = existing(
      await loaders.partitionById.load([member.partitionId]),
    )
    if (granularity === 'WHOLE_INPUT') return []
    return placeOf(member.position, (await layerOf(networkId, fromLayer, loaders)).positionShape)
  },
}

function memberOf(row: InputRow | MemberRow): MemberRow | null {
  return 'position' in row ? row : null
}
