import DataLoader from 'dataloader'
import type { DistinguishingBit } from '../../../compute/cluster/index.ts'
import type { Database } from '../../store/database.ts'
import {
  distinguishClusters,
  sharedCodesOfClusters,
  type ClusterQuestion,
  type DistinguishingQuestion,
} from './clusters.ts'
import { nearestInputs, type NearestInputsQuestion, type NearInput } from './nearestInputs.ts'
import {
  countRegionsWithin,
  nearestRegions,
  type NearestRegionsQuestion,
  type NearRegion,
  type RegionBall,
} from './nearestRegions.ts'
import { nearestToCodes, type CodeQuestion } from './nearestToCodes.ts'
import type { RegionCodeCache } from './regionCodeCache.ts'
import type { SharedBits } from './sharedCode.ts'
import { clustersOfUnits, type UnitCluster, type UnitQuestion } from './unitClusters.ts'

/** Searches that a field starts on the spot; those of one tick share their scans. */
export interface Scans {
  nearestRegions(question: NearestRegionsQuestion): Promise<NearRegion[]>
  nearestToCode(question: CodeQuestion): Promise<NearRegion>
  countRegionsWithin(ball: RegionBall): Promise<number>
  nearestInputs(question: NearestInputsQuestion): Promise<NearInput[]>
  distinguishCluster(question: DistinguishingQuestion): Promise<DistinguishingBit[]>
  sharedCodeOfCluster(question: ClusterQuestion): Promise<SharedBits>
  clustersOfUnit(question: UnitQuestion): Promise<UnitCluster[]>
}

/**
 * One set a request; the codes are the server's.
 *
 * @param signal ends the scans that can be ended
 */
export function createScans(db: Database, cache: RegionCodeCache, signal?: AbortSignal): Scans {
  const regions = batched<NearestRegionsQuestion, NearRegion[]>((keys) => nearestRegions(cache, keys))
  const codes = batched<CodeQuestion, NearRegion>((keys) => nearestToCodes(cache, keys))
  const counts = batched<RegionBall, number>((keys) => countRegionsWithin(cache, keys))
  const inputs = batched<NearestInputsQuestion, NearInput[]>((keys) => nearestInputs(db, cache, keys))
  const bits = batched<DistinguishingQuestion, DistinguishingBit[]>((keys) =>
    distinguishClusters(db, cache, keys, signal),
  )
  const shared = batched<ClusterQuestion, SharedBits>((keys) => sharedCodesOfClusters(db, cache, keys))
  const units = batched<UnitQuestion, UnitCluster[]>((keys) => clustersOfUnits(db, keys))
  return {
    nearestRegions: (question) => regions.load(question),
    nearestToCode: (question) => codes.load(question),
    countRegionsWithin: (ball) => counts.load(ball),
    nearestInputs: (question) => inputs.load(question),
    distinguishCluster: (question) => bits.load(question),
    sharedCodeOfCluster: (question) => shared.load(question),
    clustersOfUnit: (question) => units.load(question),
  }
}

function batched<Key, Value>(load: (keys: readonly Key[]) => Promise<Value[]>): DataLoader<Key, Value> {
  return new DataLoader(load, { cache: false })
}
