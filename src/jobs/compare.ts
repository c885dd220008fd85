import { z } from 'zod'
import { comparePartitions, type Metrics, type Side } from '../../compute/compare/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import type { Database } from '../store/database.ts'
import { createLoaders } from '../store/loaders.ts'
import { readRegionCodes, readRegionHashes, readRegionOfSites } from '../store/memberships.ts'
import type { ComparisonMetrics } from '../store/models.ts'
import { writeComparison } from '../store/writeComparison.ts'
import { readPredictedLabels } from './predictedLabels.ts'
import { sameLayers, spanOfCodes } from './spanOfCodes.ts'
import { defineTask } from './task.ts'

/** Seed of the baseline's permutation: one for all, so that a comparison computed again is the same. */
const BASELINE_SEED = 1

/** Compares two partitions of one dataset and stores the result. */
export const compareTask = defineTask({
  kind: 'compare',
  payload: z.object({ aId: z.int(), bId: z.int() }),
  async run(context, { aId, bId }) {
    const { db, signal } = context
    const loaders = createLoaders(db)
    if (await loaders.comparisonOf.load([aId, bId])) return
    const a = await loadSide(db, aId)
    const b = await loadSide(db, bId)
    let reported: Promise<void> = Promise.resolve()
    const result = await comparePartitions(
      { a: a.side, b: b.side, sameLayers: sameLayers(a.side.layers, b.side.layers), seed: BASELINE_SEED },
      {
        signal,
        onProgress: (done, total) => {
          reported = context.progress(done, total)
          reported.catch(() => undefined)
        },
      },
    )
    await reported
    await writeComparison(db, {
      aId,
      bId,
      ...result,
      metrics: storedMetrics(result.metrics),
      baseline: storedMetrics(result.baseline),
      baselineSeed: BASELINE_SEED,
    })
  },
})

async function loadSide(db: Database, partitionId: number): Promise<{ side: Side }> {
  const loaders = createLoaders(db)
  const partition = await loaders.partitionById.load([partitionId])
  const dataset = partition && (await loaders.datasetById.load([partition.datasetId]))
  if (!partition?.computedAt || !dataset)
    throw new AtlasError(
      'PARTITION_NOT_READY',
      'A partition to compare was never computed: create it again first.',
    )
  const layers = await loaders.layersOfNetwork.load([partition.networkId])
  return {
    side: {
      regionOfSite: await readRegionOfSites(db, partitionId),
      codes: await readRegionCodes(db, partitionId),
      hashes: await readRegionHashes(db, partitionId),
      bitCount: partition.bitCount,
      layers: spanOfCodes(partition, layers),
      predictions: await readPredictedLabels(db, partition.networkId, dataset),
    },
  }
}

function storedMetrics(metrics: Metrics): ComparisonMetrics {
  return { ...metrics, neighborOverlap: [...metrics.neighborOverlap] }
}
