import { AtlasError } from '../../../compute/errors.ts'
import { existing } from '../../store/existing.ts'
import { matchOrder } from '../../store/comparisons.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { ComparisonMetrics, ComparisonRow, FlipCounts } from '../../store/models.ts'
import { spanLayers } from '../../store/span.ts'
import { storedConnection } from '../connection.ts'
import type {
  AlignedBitFlipsResolvers,
  BitFlipsResolvers,
  ComparisonBaselineResolvers,
  ComparisonResolvers,
  MatchedRegionResolvers,
  MatchedUnitResolvers,
  RegionPartResolvers,
  RegionSplitResolvers,
} from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { layerOf } from '../lookup.ts'
import { readSplits } from '../splits.ts'

/** Greatest k of neighborOverlap. */
const MAX_K = 50

/** A comparison: its sides, its metrics, its matches. */
export const comparisonResolvers: ComparisonResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Comparison, [id]),
  a: async ({ aId }, _args, { loaders }) => existing(await loaders.partitionById.load([aId])),
  b: async ({ bId }, _args, { loaders }) => existing(await loaders.partitionById.load([bId])),
  ...metricResolvers(({ metrics }) => metrics),
  matchedRegions: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.matchedRegions, [id], args, info, { order: matchOrder }),
  matchedUnits: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.matchedUnits, [id], args, info, { order: matchOrder }),
  splits: readSplits,
  bitFlips: (row, _args, { loaders }) => withRates(row, row.flips?.bitFlips, loaders),
  alignedBitFlips: (row, _args, { loaders }) => withRates(row, row.flips?.alignedBitFlips, loaders),
  baseline: (comparison) => comparison,
}

/** The same metrics of the permuted side; the parent is the comparison. */
export const comparisonBaselineResolvers: ComparisonBaselineResolvers = {
  ...metricResolvers(({ baseline }) => baseline),
  bitFlips: (row, _args, { loaders }) => withRates(row, row.flips?.baseline.bitFlips, loaders),
  alignedBitFlips: (row, _args, { loaders }) => withRates(row, row.flips?.baseline.alignedBitFlips, loaders),
  seed: ({ baselineSeed }) => baselineSeed,
}

/** The fields that a comparison and its baseline have in common. */
function metricResolvers(metricsOf: (row: ComparisonRow) => ComparisonMetrics) {
  return {
    adjustedMutualInformation: (row) => metricsOf(row).adjustedMutualInformation,
    adjustedRandIndex: (row) => metricsOf(row).adjustedRandIndex,
    variationOfInformation: (row) => metricsOf(row).variationOfInformation,
    conditionalEntropyAGivenB: (row) => metricsOf(row).conditionalEntropyAGivenB,
    conditionalEntropyBGivenA: (row) => metricsOf(row).conditionalEntropyBGivenA,
    regionOverlap: (row) => metricsOf(row).regionOverlap,
    unmatchedMass: (row) => 1 - metricsOf(row).regionOverlap,
    hammingKernelCka: (row) => metricsOf(row).hammingKernelCka,
    distanceRankCorrelation: (row) => metricsOf(row).distanceRankCorrelation,
    neighborOverlap: (row, { k }) => metricsOf(row).neighborOverlap[checkK(k ?? 10, row.siteCount) - 1],
    agreement: (row) => metricsOf(row).agreement,
  } satisfies ComparisonBaselineResolvers
}

function checkK(k: number, siteCount: number): number {
  const most = Math.min(MAX_K, siteCount - 1)
  if (k >= 1 && k <= most) return k
  throw new AtlasError(
    'BAD_ARGUMENT',
    `k is ${k}, and a site has ${siteCount - 1} others: choose a k from 1 to ${most}.`,
  )
}

/** Stored counts, and each layer's share of flipped bits; null where there are none. */
async function withRates<Counts extends FlipCounts>(
  { aId, siteCount }: ComparisonRow,
  counts: Counts | undefined,
  loaders: Loaders,
) {
  if (!counts) return null
  const a = existing(await loaders.partitionById.load([aId]))
  const span = spanLayers(a, await loaders.layersOfNetwork.load([a.networkId]))
  const bits = new Map(span.map(({ layer, bitCount }) => [layer.index, bitCount * siteCount]))
  return {
    ...counts,
    perLayer: counts.perLayer.map((row) => ({ ...row, rate: row.flips / existing(bits.get(row.layer)) })),
  }
}

/** Flipped bits, by unit of one layer or of all. */
export const bitFlipsResolvers: BitFlipsResolvers = { perUnit: unitsOf }

/** The same, aligned. */
export const alignedBitFlipsResolvers: AlignedBitFlipsResolvers = { perUnit: unitsOf }

function unitsOf<Row extends { layer: number }>(
  { perUnit }: { perUnit: readonly Row[] },
  { layer }: { layer?: number | null },
): Row[] {
  return perUnit.filter((row) => layer == null || row.layer === layer)
}

/** The regions that a match names by index. */
export const matchedRegionResolvers: MatchedRegionResolvers = {
  a: async ({ comparisonId, regionA }, _args, { loaders }) => {
    const { aId } = await comparisonOf(comparisonId, loaders)
    return existing(await loaders.region.load([aId, regionA]))
  },
  b: async ({ comparisonId, regionB }, _args, { loaders }) => {
    const { bId } = await comparisonOf(comparisonId, loaders)
    return existing(await loaders.region.load([bId, regionB]))
  },
}

/** The units that a match names by index. */
export const matchedUnitResolvers: MatchedUnitResolvers = {
  a: async ({ comparisonId, layerA, unitA }, _args, { loaders }) => {
    const { aId } = await comparisonOf(comparisonId, loaders)
    return { layer: await layerOfPartition(aId, layerA, loaders), unit: unitA }
  },
  b: async ({ comparisonId, layerB, unitB }, _args, { loaders }) => {
    const { bId } = await comparisonOf(comparisonId, loaders)
    return { layer: await layerOfPartition(bId, layerB, loaders), unit: unitB }
  },
}

async function comparisonOf(id: number, loaders: Loaders): Promise<ComparisonRow> {
  return existing(await loaders.comparisonById.load([id]))
}

async function layerOfPartition(partitionId: number, index: number, loaders: Loaders) {
  const { networkId } = existing(await loaders.partitionById.load([partitionId]))
  return layerOf(networkId, index, loaders)
}

/** A split region. */
export const regionSplitResolvers: RegionSplitResolvers = {
  region: async ({ partitionId, region }, _args, { loaders }) =>
    existing(await loaders.region.load([partitionId, region])),
}

/** A part of it. */
export const regionPartResolvers: RegionPartResolvers = {
  region: async ({ partitionId, region }, _args, { loaders }) =>
    existing(await loaders.region.load([partitionId, region])),
  sharedMembers: ({ shared }) => shared,
}
