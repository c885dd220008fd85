import DataLoader from 'dataloader'
import type { Database } from '../../store/database.ts'
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

/** Searches that a field starts on the spot; those of one tick share their scans. */
export interface Scans {
  nearestRegions(question: NearestRegionsQuestion): Promise<NearRegion[]>
  nearestToCode(question: CodeQuestion): Promise<NearRegion>
  countRegionsWithin(ball: RegionBall): Promise<number>
  nearestInputs(question: NearestInputsQuestion): Promise<NearInput[]>
}

/** One set a request; the codes are the server's. */
export function createScans(db: Database, cache: RegionCodeCache): Scans {
  const regions = batched<NearestRegionsQuestion, NearRegion[]>((keys) => nearestRegions(cache, keys))
  const codes = batched<CodeQuestion, NearRegion>((keys) => nearestToCodes(cache, keys))
  const counts = batched<RegionBall, number>((keys) => countRegionsWithin(cache, keys))
  const inputs = batched<NearestInputsQuestion, NearInput[]>((keys) => nearestInputs(db, cache, keys))
  return {
    nearestRegions: (question) => regions.load(question),
    nearestToCode: (question) => codes.load(question),
    countRegionsWithin: (ball) => counts.load(ball),
    nearestInputs: (question) => inputs.load(question),
  }
}

function batched<Key, Value>(load: (keys: readonly Key[]) => Promise<Value[]>): DataLoader<Key, Value> {
  return new DataLoader(load, { cache: false })
}
