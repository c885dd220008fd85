import { AtlasError } from '../../compute/errors.ts'
import type { PageArguments } from './connection.ts'

/** Which neighbours of a region a query asks for. */
export interface NeighborArguments extends PageArguments {
  /** Greatest number of differing bits. */
  maxDistance?: number | null
}

/** The greatest distance asked for; null for any. Throws BAD_ARGUMENT where it is negative. */
export function checkDistance(maxDistance: number | null | undefined): number | null {
  if (maxDistance == null || maxDistance >= 0) return maxDistance ?? null
  throw new AtlasError('BAD_ARGUMENT', `maxDistance is ${maxDistance}: give a number of bits, 0 or more.`)
}
