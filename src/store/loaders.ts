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

/** Every loader of the store. They cache: make one set a request (or a piece of work) and drop it after. */
export function createLoaders(db: Database) {
  return {
    ...networkLoaders(db),
    ...datasetLoaders(db),
    ...partitionLoaders(db),
    ...regionLoaders(db),
    ...regionByCodeLoaders(db),
    ...codeLoaders(db),
    ...misfitLoaders(db),
    ...neighborLoaders(db),
    ...nearestDistanceLoaders(db),
    ...polytopeLoaders(db),
    ...predictionLoaders(db),
    ...layerCodeLoaders(db),
    ...softCodeLoaders(db),
    ...comparisonLoaders(db),
    ...complexLoaders(db),
    ...segmentSetLoaders(db),
    ...clusteringLoaders(db),
    ...clusterLoaders(db),
    ...directionSetLoaders(db),
    ...embeddingLoaders(db),
    ...packedColumnLoaders(db),
    ...seriesLoaders(db),
    ...jobLoaders(db),
  }
}

export type Loaders = ReturnType<typeof createLoaders>
