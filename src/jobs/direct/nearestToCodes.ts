/** The regions that are nearest to codes of any origin. */
import { nearestCodes } from '../../../compute/neighbors/index.ts'
import type { PartitionRow } from '../../store/models.ts'
import { groupQuestions } from './groupQuestions.ts'
import type { NearRegion } from './nearestRegions.ts'
import type { RegionCodeCache } from './regionCodeCache.ts'

/** A code of a partition's bits. */
export interface CodeQuestion {
  partition: PartitionRow
  /** ceil(bitCount / 8) bytes */
  code: Uint8Array
}

/** The nearest region of each code, ties by index; its distance is 0 where it has the code. */
export async function nearestToCodes(
  cache: RegionCodeCache,
  questions: readonly CodeQuestion[],
): Promise<NearRegion[]> {
  const answers = questions.map((): NearRegion => ({ region: 0, distance: 0 }))
  for (const group of groupQuestions(questions, ({ partition }) => [partition.id])) {
    const [{ partition }] = group
    const queries = Buffer.concat(group.map(({ code }) => code))
    const base = await cache.load(partition)
    const found = await nearestCodes({ queries, base, bitCount: partition.bitCount, k: 1 })
    for (const [i, { place }] of group.entries())
      answers[place] = { region: found.indices[i], distance: found.distances[i] }
  }
  return answers
}
