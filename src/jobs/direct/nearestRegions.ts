/** Exact Hamming neighbours of regions, scanned on the spot where the stored ones do not reach. */
import { codesWithin, nearestCodes } from '../../../compute/neighbors/index.ts'
import type { PartitionRow } from '../../store/models.ts'
import { codeBytes } from '../../store/regionCodes.ts'
import { groupQuestions, type Placed } from './groupQuestions.ts'
import { regionCodeBytes, type RegionCodeCache } from './regionCodeCache.ts'
import { wavesOf } from './waves.ts'

/** Result entries of one search at most: 8 bytes each. */
const MAX_ENTRIES = 1 << 22

/** Which neighbours of which region. */
export interface NearestRegionsQuestion {
  partition: PartitionRow
  /** Index of the region; it is no neighbour of itself. */
  region: number
  /** How many at most. */
  first: number
  /** Greatest distance in bits; null for any. */
  maxDistance: number | null
}

/** A neighbour that was found. */
export interface NearRegion {
  /** Index in the partition. */
  region: number
  /** Differing bits. */
  distance: number
}

/**
 * The nearest other regions of each question, by distance, ties by index. Questions that differ only in their
 * region share a search. About 256 MiB of codes are held at a time.
 */
export async function nearestRegions(
  cache: RegionCodeCache,
  questions: readonly NearestRegionsQuestion[],
): Promise<NearRegion[][]> {
  const answers = questions.map((): NearRegion[] => [])
  const groups = groupQuestions(questions, ({ partition, first, maxDistance }) => [
    partition.id,
    first,
    maxDistance,
  ])
  for await (const { group, codes } of withCodes(cache, groups))
    for (const { place, region, distance } of await searchGroup(codes, group))
      answers[place].push({ region, distance })
  return answers
}

/** Each group with the codes of its partition, loaded for about 256 MiB of them at a time. */
async function* withCodes<Question extends { partition: PartitionRow }>(
  cache: RegionCodeCache,
  groups: readonly Placed<Question>[][],
): AsyncGenerator<{ group: Placed<Question>[]; codes: Buffer }> {
  for (const wave of wavesOf(groups, ([{ partition }]) => regionCodeBytes(partition))) {
    const codes = await Promise.all(wave.map(([{ partition }]) => cache.load(partition)))
    for (const [i, group] of wave.entries()) yield { group, codes: codes[i] }
  }
}

async function searchGroup(
  base: Buffer,
  group: readonly Placed<NearestRegionsQuestion>[],
): Promise<Placed<NearRegion>[]> {
  const [{ partition, first, maxDistance }] = group
  // The region finds itself too, at distance 0 and before all others: codes of a partition are distinct.
  const k = Math.min(first + 1, partition.regionCount)
  const found: Placed<NearRegion>[] = []
  for (const questions of slices(group, Math.floor(MAX_ENTRIES / k))) {
    const queries = pickRows(base, codeBytes(partition), questions)
    const { counts, indices, distances } = await nearestCodes({
      queries,
      base,
      bitCount: partition.bitCount,
      k,
      ...(maxDistance === null ? {} : { maxDistance }),
    })
    for (const [i, { place }] of questions.entries())
      for (let rank = 1; rank < counts[i]; rank++)
        found.push({ place, region: indices[i * k + rank], distance: distances[i * k + rank] })
  }
  return found
}

/** A neighbourhood of a region: all other regions at most `maxDistance` bits away. */
export interface RegionBall {
  partition: PartitionRow
  region: number
  maxDistance: number
}

/** How many regions each neighbourhood holds. */
export async function countRegionsWithin(
  cache: RegionCodeCache,
  balls: readonly RegionBall[],
): Promise<number[]> {
  const answers = balls.map(() => 0)
  const groups = groupQuestions(balls, ({ partition, maxDistance }) => [partition.id, maxDistance])
  for await (const { group, codes } of withCodes(cache, groups)) {
    const [{ partition, maxDistance }] = group
    const { bitCount } = partition
    const queries = pickRows(codes, codeBytes(partition), group)
    for await (const { from, to, starts } of codesWithin({ queries, base: codes, bitCount, maxDistance }))
      for (let i = from; i < to; i++)
        // The region itself is within any distance.
        answers[group[i].place] = starts[i - from + 1] - starts[i - from] - 1
  }
  return answers
}

function* slices<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  const step = Math.max(1, size)
  for (let from = 0; from < items.length; from += step) yield items.slice(from, from + step)
}

function pickRows(codes: Buffer, stride: number, rows: readonly { region: number }[]): Buffer {
  return Buffer.concat(rows.map(({ region }) => codes.subarray(region * stride, (region + 1) * stride)))
}
