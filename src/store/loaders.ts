import { clusteringLoaders } from './clusterings.ts'
import { clusterLoaders } from './clusters.ts'
import { codeLoaders } from './codes.ts'
import { complexLoaders } from './complexes.ts'
import { comparisonLoaders } from './comparisons.ts'
import type { Database } from './database.ts'
import { datasetLoaders } from './datasets.ts'
import { directionSetLoaders } from './directionSets.ts'
import { embeddingLoaders } from './embeddings.ts'
import { jobLoaders } from './jobs.ts'
import { nearestDistanceLoaders } from './nearestDistances.ts'
import { neighborLoaders } from './neighbors.ts'
import { layerCodeLoaders } from './layerCodes.ts'
import { misfitLoaders } from './misfits.ts'
import { networkLoaders } from './networks.ts'
import { packedColumnLoaders } from './packedColumns.ts'
import { polytopeLoaders } from './polytopes.ts'
import { partitionLoaders } from './partitions.ts'
import { predictionLoaders } from './predictions.ts'
import { regionLoaders } from './regions.ts'
import { regionByCodeLoaders } from './regionsByCode.ts'
import { segmentSetLoaders } from './segmentSets.ts'
import { seriesLoaders } from './series.ts'
import { softCodeLoaders } from './softCodes.ts'

/** What makes the loaders. Each makes a few, by their names, and asks nothing yet. */
const groups = [
  networkLoaders,
  datasetLoaders,
  partitionLoaders,
  regionLoaders,
  regionByCodeLoaders,
  codeLoaders,
  misfitLoaders,
  neighborLoaders,
  nearestDistanceLoaders,
  polytopeLoaders,
  predictionLoaders,
  layerCodeLoaders,
  softCodeLoaders,
  comparisonLoaders,
  complexLoaders,
  segmentSetLoaders,
  clusteringLoaders,
  clusterLoaders,
  directionSetLoaders,
  embeddingLoaders,
  packedColumnLoaders,
  seriesLoaders,
  jobLoaders,
] as const

type Group = (typeof groups)[number]
type Together<Parts> = (Parts extends unknown ? (part: Parts) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never

/** Every loader of the store, by name. */
export type Loaders = Together<ReturnType<Group>>

/** Which group makes the loader with a name: known from the first time on. */
let groupOf: ReadonlyMap<string | symbol, Group> | undefined

/**
 * Every loader of the store, each made when it is first used: a request uses a few of eighty. They cache: make one set
 * a request (or a piece of work) and drop it after.
 */
export function createLoaders(db: Database): Loaders {
  const origins = (groupOf ??= new Map(
    groups.flatMap((group) => Object.keys(group(db)).map((name) => [name, group] as const)),
  ))
  const made = new Map<string | symbol, unknown>()
  return new Proxy<Loaders>(Object.create(null), {
    get(_target, name) {
      const group = made.has(name) ? undefined : origins.get(name)
      if (group) for (const [each, loader] of Object.entries(group(db))) made.set(each, loader)
      return made.get(name)
    },
  })
}
