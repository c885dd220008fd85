/** What the codes of clusters have in common and what sets them apart, read on the spot. */
import { setImmediate } from 'node:timers/promises'
import { distinguishingBits, type DistinguishingBit } from '../../../compute/cluster/index.ts'
import { AgreementBuilder, type Agreement } from '../../../compute/codes/index.ts'
import type { Database } from '../../store/database.ts'
import type { ClusterKey } from '../../store/clusters.ts'
import type { PartitionRow } from '../../store/models.ts'
import { readClusterOfRegions, readMemberCounts } from '../../store/readClusters.ts'
import { codeBytes } from '../../store/regionCodes.ts'
import { groupQuestions } from './groupQuestions.ts'
import type { RegionCodeCache } from './regionCodeCache.ts'
import { sharedBits, type SharedBits, type SharedCodeSubject } from './sharedCode.ts'

/** Codes that are compared before the event loop serves others. */
const BYTES_A_TURN = 1 << 20

/** A cluster of a computed clustering, of which something is asked. */
export interface ClusterQuestion extends ClusterKey, Pick<SharedCodeSubject, 'partition' | 'layers'> {}

/** How many bits of a cluster. */
export interface DistinguishingQuestion extends ClusterQuestion {
  first: number
}

/**
 * The bits that set clusters apart from all other sites, see `distinguishingBits` in compute/. Clusters of one clustering
 * share a pass over its codes.
 */
export async function distinguishClusters(
  db: Database,
  cache: RegionCodeCache,
  questions: readonly DistinguishingQuestion[],
  signal?: AbortSignal,
): Promise<DistinguishingBit[][]> {
  const answers = questions.map((): DistinguishingBit[] => [])
  for (const group of groupQuestions(questions, ({ clusteringId, first }) => [clusteringId, first])) {
    const [{ partition, clusteringId, first }] = group
    const [codes, groups, weights] = await Promise.all([
      cache.load(partition),
      readClusterOfRegions(db, clusteringId, partition.regionCount),
      readMemberCounts(db, partition.id),
    ])
    const wanted = Int32Array.from(group, ({ index }) => index)
    const { bitCount } = partition
    const found = await distinguishingBits({ codes, bitCount, groups, weights, wanted, first }, signal)
    for (const [i, { place }] of group.entries()) answers[place] = found[i]
  }
  return answers
}

/** The shared code of each cluster's regions. Clusters of one clustering share its codes. */
export async function sharedCodesOfClusters(
  db: Database,
  cache: RegionCodeCache,
  questions: readonly ClusterQuestion[],
): Promise<SharedBits[]> {
  const answers = new Array<SharedBits>(questions.length)
  for (const group of groupQuestions(questions, ({ clusteringId }) => [clusteringId])) {
    const [{ partition, clusteringId }] = group
    const [codes, clusters] = await Promise.all([
      cache.load(partition),
      readClusterOfRegions(db, clusteringId, partition.regionCount),
    ])
    const regionsOf = new Map<number, number[]>(group.map(({ index }) => [index, []]))
    clusters.forEach((cluster, region) => regionsOf.get(cluster)?.push(region))
    for (const question of group) {
      const regions = regionsOf.get(question.index) ?? []
      const agreement = await agreementOf(codes, partition, regions)
      answers[question.place] = sharedBits(question, agreement, null)
    }
  }
  return answers
}

async function agreementOf(
  codes: Buffer,
  partition: PartitionRow,
  regions: readonly number[],
): Promise<Agreement> {
  const builder = new AgreementBuilder(partition.bitCount)
  const stride = codeBytes(partition)
  const rowsATurn = Math.ceil(BYTES_A_TURN / stride)
  for (let from = 0; from < regions.length; from += rowsATurn) {
    const picked = regions.slice(from, from + rowsATurn)
    const rows = Buffer.concat(picked.map((region) => codes.subarray(region * stride, (region + 1) * stride)))
    builder.add(rows, picked.length)
    await setImmediate()
  }
  return builder.result()
}
