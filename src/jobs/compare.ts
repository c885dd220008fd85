import { z } from 'zod'
import { comparePartitions, type Metrics, type Side } from '../../compute/compare/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import type { Database } from '../store/database.ts'
import { readScores } from '../store/encoding.ts'
import { hasNumbers } from '../store/span.ts'
import { createLoaders } from '../store/loaders.ts'
import { readRegionCodes, readRegionHashes, readRegionOfSites } from '../store/memberships.ts'
import type { ComparisonMetrics, DatasetRow, LayerRow, PartitionRow } from '../store/models.ts'
import { writeComparison } from '../store/writeComparison.ts'
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
      { a: a.side, b: b.side, sameLayers: sameLayers(a.side, b.side), seed: BASELINE_SEED },
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
      layers: spanOf(partition, layers),
      predictions: await readPredictedLabels(db, partition.networkId, dataset),
    },
  }
}

/** The layers of a code as the code counts them: one position a site where positions are sites. */
function spanOf(partition: PartitionRow, layers: readonly LayerRow[]): Side['layers'] {
  const flattened = partition.granularity === 'WHOLE_INPUT'
  return layers.slice(partition.fromLayer, partition.toLayer + 1).map((layer) => ({
    index: layer.index,
    units: layer.unitCount,
    positions: flattened ? layer.positionCount : 1,
    bitsPerUnit: layer.bitsPerUnit,
    numbered: hasNumbers(layer),
  }))
}

function sameLayers(a: Side, b: Side): boolean {
  return JSON.stringify(a.layers) === JSON.stringify(b.layers)
}

/** Index of the greatest output of every input, ties to the first. */
async function readPredictedLabels(
  db: Database,
  networkId: number,
  dataset: DatasetRow,
): Promise<Int32Array> {
  const labels = new Int32Array(dataset.inputCount)
  let input = 0
  for await (const scores of readScores(db, networkId, dataset.id)) {
    const rows = Math.min(dataset.chunkSize, dataset.inputCount - input)
    const width = scores.length / rows
    for (let row = 0; row < scores.length; row += width) {
      let best = row
      for (let i = row + 1; i < row + width; i++) if (scores[i] > scores[best]) best = i
      labels[input++] = best - row
    }
  }
  return labels
}

function storedMetrics(metrics: Metrics): ComparisonMetrics {
  return { ...metrics, neighborOverlap: [...metrics.neighborOverlap] }
}
