import { inputToken } from '../../jobs/direct/inputText.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { InputRow, MemberRow } from '../../store/models.ts'
import { placeOf } from '../../store/positions.ts'
import type { InputEdgeResolvers } from '../generated/types.ts'
import { layerOf, readSample } from '../lookup.ts'

/** An input in a connection; of a region's members, the site that is the member. */
export const inputEdgeResolvers: InputEdgeResolvers = {
  async place({ node }, _args, { loaders }) {
    const member = memberOf(node)
    if (!member) return null
    const shape = await positionShape(member, loaders)
    return shape ? placeOf(member.position, shape) : []
  },
  async token({ node }, _args, { loaders }) {
    const member = memberOf(node)
    const shape = member && (await positionShape(member, loaders))
    if (!shape) return null
    const { raw, dataset } = await readSample(member, loaders)
    const positions = shape.reduce((a, b) => a * b, 1)
    return inputToken(loaders, raw, dataset, { position: member.position, positions })
  },
}

function memberOf(row: InputRow | MemberRow): MemberRow | null {
  return 'position' in row ? row : null
}

/** The axes of the positions of a member's layers; null where positions are no sites of their own. */
async function positionShape({ partitionId }: MemberRow, loaders: Loaders): Promise<number[] | null> {
  const { networkId, fromLayer, granularity } = existing(await loaders.partitionById.load([partitionId]))
  if (granularity === 'WHOLE_INPUT') return null
  return (await layerOf(networkId, fromLayer, loaders)).positionShape
}
