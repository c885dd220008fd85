/** The inputs whose codes in a partition are nearest to an input's, exactly. */
import { nearestCodes } from '../../../compute/neighbors/index.ts'
import type { Database } from '../../store/database.ts'
import { readRegionOfSites } from '../../store/memberships.ts'
import type { PartitionRow } from '../../store/models.ts'
import { readNearestMembers } from '../../store/nearestMembers.ts'
import { codeBytes } from '../../store/regionCodes.ts'
import { groupQuestions, type Placed } from './groupQuestions.ts'
import { nearestRegions, type NearRegion } from './nearestRegions.ts'
import type { RegionCodeCache } from './regionCodeCache.ts'

/** Which inputs near which one. `region` is the input's region (its first position's). */
export interface NearestInputsQuestion {
  partition: PartitionRow
  /** Inputs of the partition's dataset. */
  inputCount: number
  input: number
  region: number
  first: number
}

/** A neighbour that was found. */
export interface NearInput {
  input: number
  /** Differing bits, summed over the positions. */
  distance: number
}

/** The nearest other inputs of each question, ties by index. */
export async function nearestInputs(
  db: Database,
  cache: RegionCodeCache,
  questions: readonly NearestInputsQuestion[],
): Promise<NearInput[][]> {
  const answers = questions.map((): NearInput[] => [])
  const groups = groupQuestions(questions, ({ partition, first }) => [partition.id, first])
  const whole = groups.filter(([{ partition }]) => partition.granularity === 'WHOLE_INPUT')
  const regions = await nearestRegions(
    cache,
    whole.flat().map(({ partition, region, first }) => ({ partition, region, first, maxDistance: null })),
  )
  let done = 0
  for (const group of whole) {
    const near = regions.slice(done, (done += group.length))
    for (const { place, ...found } of await nearestMembers(db, group, near)) answers[place].push(found)
  }
  for (const group of groups)
    if (group[0].partition.granularity === 'PER_POSITION')
      for (const { place, ...found } of await nearestOverPositions(db, cache, group))
        answers[place].push(found)
  return answers
}

/**
 * One code an input. The `first` regions beside its own hold enough members, and those of no other region come
 * before them, since regions are numbered in order of their first member.
 */
async function nearestMembers(
  db: Database,
  group: readonly Placed<NearestInputsQuestion>[],
  near: readonly NearRegion[][],
): Promise<Placed<NearInput>[]> {
  const [{ partition, first }] = group
  const ranked = group.flatMap(({ region }, query) => [
    { query, region, distance: 0 },
    ...near[query].map((neighbor) => ({ query, ...neighbor })),
  ])
  const own = group.map(({ input }) => input)
  const rows = await readNearestMembers(db, partition.id, ranked, own, first)
  return rows.map(({ query, input, distance }) => ({ place: group[query].place, input, distance }))
}

/** One code a position: each input's distances summed over the positions. Four bytes a site, and an input. */
async function nearestOverPositions(
  db: Database,
  cache: RegionCodeCache,
  group: readonly Placed<NearestInputsQuestion>[],
): Promise<Placed<NearInput>[]> {
  const [{ partition, inputCount, first }] = group
  const codes = await cache.load(partition)
  const regionOfSite = await readRegionOfSites(db, partition.id)
  const found: Placed<NearInput>[] = []
  for (const { input, place } of group) {
    const totals = await totalDistances(codes, partition, regionOfSite, inputCount, input)
    const others = Int32Array.from({ length: inputCount }, (_, i) => i).filter((other) => other !== input)
    const nearest = others.sort((a, b) => totals[a] - totals[b] || a - b).subarray(0, first)
    for (const other of nearest) found.push({ place, input: other, distance: totals[other] })
  }
  return found
}

/** Per input, the bits that differ from one input's, over all positions. */
async function totalDistances(
  codes: Buffer,
  partition: PartitionRow,
  regionOfSite: Int32Array,
  inputCount: number,
  input: number,
): Promise<Int32Array> {
  const { bitCount } = partition
  const positions = partition.siteCount / inputCount
  const stride = codeBytes(partition)
  const totals = new Int32Array(inputCount)
  for (let position = 0; position < positions; position++) {
    const own = regionOfSite[input * positions + position]
    const base = codes.subarray(own * stride, (own + 1) * stride)
    const { distances } = await nearestCodes({ queries: codes, base, bitCount, k: 1 })
    for (let other = 0; other < inputCount; other++)
      totals[other] += distances[regionOfSite[other * positions + position]]
  }
  return totals
}
