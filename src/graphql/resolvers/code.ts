import { bitsOfCode } from '../../jobs/direct/bits.ts'
import { regionKeyOrder } from '../../store/regions.ts'
import { storedConnection } from '../connection.ts'
import type { CodeResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { regionColumnsAsked } from '../regionsAsked.ts'

/** A code, and where it occurs. */
export const codeResolvers: CodeResolvers = {
  id: ({ hash, bitCount }) => toGlobalId(idTypes.Code, [hash, bitCount]),
  bits: ({ bits, bitCount }) => bitsOfCode(bits, bitCount),
  regions: ({ hash, bitCount }, args, { loaders }, info) =>
    storedConnection(loaders.regionsOfCode, [hash, bitCount], args, info, {
      order: regionKeyOrder,
      columns: regionColumnsAsked,
    }),
}
