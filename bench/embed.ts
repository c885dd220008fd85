/**
 * Maps of codes beside the exact search for their nearest codes alone, in the same run. Codes are 112 bits, as the sample's
 * narrow networks have, around 200 centres, 10 % of which are flipped; and 16,384 bits, as a convolution may have.
 */
import { embedCodes } from '../compute/embed/index.ts'
import { kernels } from '../compute/kernels/index.ts'
import { nearestCodes } from '../compute/neighbors/index.ts'
import { codesAroundCentres, rounded, seconds, type Row } from './report.ts'

const NEIGHBORS = 15
const CENTRES = 200
const SIZES = [
  { rows: 10_000, bitCount: 112 },
  { rows: 70_000, bitCount: 112 },
  { rows: 10_000, bitCount: 16_384 },
]

export async function benchEmbed(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { rows: count, bitCount } of SIZES) {
    const codes = codesAroundCentres(count, bitCount, CENTRES)
    const search = { queries: codes, base: codes, bitCount, self: true, k: NEIGHBORS }
    // The first search starts threads.
    await nearestCodes(search)
    const nearest = await seconds(() => nearestCodes(search))
    const taken = await seconds(() => embedCodes({ codes, bitCount, neighbors: NEIGHBORS, seed: 1 }))
    rows.push({
      map: `${count} x ${bitCount} bits`,
      ...{ backend: kernels().name, seconds: rounded(taken), nearestSeconds: rounded(nearest) },
      ratioToNearest: rounded(taken / nearest),
    })
  }
  return rows
}
