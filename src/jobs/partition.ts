import { z } from 'zod'
import {
  assembleSpan,
  CodeGrouper,
  meanLabelEntropy,
  popcounts,
  selectPositions,
  spanMargins,
  summarizeRegions,
} from '../../compute/codes/index.ts'
import { readCodeChunks, readLabels, readLayerScales } from '../store/encoding.ts'
import { writePartition } from '../store/writePartition.ts'
import { encodeDataset } from './encode.ts'
import { labelOfSite, readSubject, type PartitionSubject } from './partitionSubject.ts'
import { defineTask, type JobContext } from './task.ts'

/**
 * Computes a partition: encodes the dataset where its codes are not stored yet, then groups the sites by
 * their codes over the span and writes regions and memberships at once. Counts inputs, once for each stage.
 */
export const partitionTask = defineTask({
  kind: 'partition',
  payload: z.object({ partitionId: z.int() }),
  async run(context, { partitionId }) {
    const subject = await readSubject(context.db, partitionId)
    if (subject.partition.computedAt !== null) return
    const { network, dataset, layers, positions } = subject
    const total = 2 * dataset.inputCount
    await encodeDataset(context.db, {
      network,
      dataset,
      layers,
      signal: context.signal,
      onProgress: (inputs) => context.progress(inputs, total),
    })
    const grouped = await groupSites(context, subject)
    await context.progress(total, total)
    const summary = summarizeRegions(
      grouped.regionOfSite,
      grouped.codes.count,
      labelOfSite(await readLabels(context.db, dataset.id), positions.length),
      grouped.margins,
    )
    await writePartition(
      context.db,
      { ...subject.partition, labelEntropy: meanLabelEntropy(summary) },
      {
        ...summary,
        ...grouped.codes,
        activeBitCounts: grouped.activeBitCounts,
        exemplarInputs: summary.exemplars.map((site) => Math.floor(site / positions.length)),
        exemplarPositions: summary.exemplars.map((site) => positions[site % positions.length]),
      },
      { positions, regions: grouped.regionOfSite, margins: grouped.margins },
    )
  },
})

interface GroupedSites {
  regionOfSite: Int32Array
  margins: Float32Array
  codes: { count: number; hashes: Uint8Array; codes: Uint8Array }
  activeBitCounts: Uint32Array
}

/** Assembles every site's code over the span, one chunk of the dataset at a time, and groups equal codes. */
async function groupSites(context: JobContext, subject: PartitionSubject): Promise<GroupedSites> {
  const { partition, dataset, layers, positions } = subject
  const { fromLayer, toLayer, granularity, siteCount, bitCount } = partition
  const span = [partition.networkId, dataset.id, fromLayer, toLayer] as const
  const scales = await readLayerScales(context.db, ...span)
  const grouper = new CodeGrouper(bitCount)
  const regionOfSite = new Int32Array(siteCount)
  const margins = new Float32Array(siteCount)
  let firstInput = 0
  for await (const stored of readCodeChunks(context.db, ...span)) {
    const rows = Math.min(dataset.chunkSize, dataset.inputCount - firstInput)
    const parts = layers.map((layer, i) => {
      const units = layer.unitCount * layer.bitsPerUnit
      const part = { units, positions: layer.positionCount, scale: scales[i], ...stored[i] }
      return granularity === 'WHOLE_INPUT' ? part : selectPositions(part, rows, positions)
    })
    const codes = assembleSpan(parts, rows, granularity)
    regionOfSite.set(grouper.add(codes, rows * positions.length), firstInput * positions.length)
    margins.set(spanMargins(parts, rows, granularity), firstInput * positions.length)
    firstInput += rows
    await context.progress(dataset.inputCount + firstInput, 2 * dataset.inputCount)
  }
  const codes = grouper.codes()
  return {
    regionOfSite,
    margins,
    codes: { count: grouper.regionCount, hashes: grouper.hashes(), codes },
    activeBitCounts: popcounts(codes, Math.ceil(bitCount / 8), grouper.regionCount),
  }
}
