import { bitsOfCode } from '../../jobs/direct/bits.ts'
import { regionKeyOrder } from '../../store/regions.ts'
import { storedConnection } from '../connection.ts'
import type { CodeResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'

/** A code, and where it occurs. */
export const codeResolvers: CodeResolvers = {
  id: ({ hash, bitCount }) => toGlobalId(idTypes.Code, [hash, bitCount]),
  bits: ({ bits, bitCount }) => bitsOfCode(bits, bitCount),
  hex: ({ bits }) => bits.toString('hex'),
  regions: ({ hash, bitCount }, args, { loaders }) =>
    storedConnection(loaders.regionsOfCode, [hash, bitCount], args, { order: regionKeyOrder }),
}
