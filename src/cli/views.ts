/** Rows as `--json` shows them: the words of the GraphQL schema, paths instead of ids. */
import type { Loaders } from '../store/loaders.ts'
import type {
  DatasetRow,
  JobRow,
  LayerRow,
  NetworkRow,
  PartitionRow,
  RegionRow,
  SegmentGroupRow,
  SegmentSetRow,
  SeriesRow,
} from '../store/models.ts'
import { partitionPath, segmentSetPath } from '../store/path.ts'
import { isExactSpan } from '../store/span.ts'

export function networkView(row: NetworkRow) {
  const { name, sha256, byteCount, description, tags, parameterCount } = row
  const { inputType, inputShape, outputShape, exactness, approximations, createdAt } = row
  const about = { path: name, name, sha256, byteCount, description, tags, parameterCount }
  return { ...about, inputType, inputShape, outputShape, exactness, approximations, createdAt }
}

export function layerView(network: string, row: LayerRow) {
  const { index, name, operator, unitCount, positionCount, positionShape, bitsPerUnit, exact } = row
  const sizes = { unitCount, positionCount, positionShape, bitsPerUnit }
  return { path: `${network}/${index}`, index, name, operator, ...sizes, exact }
}

export function datasetView(row: DatasetRow) {
  const { name, sha256, shape, classNames, inputCount, elementType, scale, createdAt } = row
  const vocabularySize = row.tokenStyle && row.tokenCount
  return {
    path: name,
    name,
    sha256,
    shape,
    classNames,
    inputCount,
    elementType,
    scale,
    vocabularySize,
    createdAt,
  }
}

export type PartitionView = Awaited<ReturnType<typeof partitionView>>

/** Needs the names of network and dataset, which the loaders fetch for many partitions at once. */
export async function partitionView(loaders: Loaders, row: PartitionRow) {
  const [network, dataset] = await Promise.all([
    loaders.networkById.load([row.networkId]),
    loaders.datasetById.load([row.datasetId]),
  ])
  const { fromLayer, toLayer, granularity, positionStart, positionStep } = row
  const { bitCount, siteCount, regionCount } = row
  const { labelEntropy, neighborCount, jobId, computedAt, createdAt } = row
  const exact = isExactSpan(row, await loaders.layersOfNetwork.load([row.networkId]))
  const polytopeCount = await loaders.polytopeCount.load([row.id])
  // Null only where the network or dataset was deleted between two reads.
  const names = { network: network?.name ?? '', dataset: dataset?.name ?? '' }
  const key = { ...names, fromLayer, toLayer, granularity, positionStart, positionStep }
  const sizes = { bitCount, siteCount, regionCount, labelEntropy, neighborCount, polytopeCount }
  return { path: partitionPath(key), ...key, exact, ...sizes, jobId, computedAt, createdAt }
}

/** Needs the names of network and dataset, as `partitionView` does. */
export async function segmentSetView(loaders: Loaders, row: SegmentSetRow) {
  const [network, dataset] = await Promise.all([
    loaders.networkById.load([row.networkId]),
    loaders.datasetById.load([row.datasetId]),
  ])
  const { fromLayer, toLayer, pairs, seed, pairCount, segmentCount, jobId, computedAt, createdAt } = row
  const key = { network: network?.name ?? '', dataset: dataset?.name ?? '', fromLayer, toLayer, pairs, seed }
  const sizes = { sampled: segmentCount < pairCount, pairCount, segmentCount }
  return { path: segmentSetPath(key), ...key, ...sizes, jobId, computedAt, createdAt }
}

export function segmentGroupView({
  kind,
  labelA,
  labelB,
  count,
  zeroLengthCount,
  estimates,
}: SegmentGroupRow) {
  return { kind, labelA, labelB, count, zeroLengthCount, ...estimates }
}

/** Needs the names of the members, which the loaders fetch for many series at once. */
export async function seriesView(loaders: Loaders, { id, name, description, createdAt }: SeriesRow) {
  const rows = await loaders.membersOfSeries.load([id])
  const networks = await Promise.all(rows.map(({ networkId }) => loaders.networkById.load([networkId])))
  const members = rows.map(({ step }, i) => ({ step, network: networks[i]?.name ?? '' }))
  return { path: name, name, description, members, createdAt }
}

export function regionView(partition: { path: string; dataset: string }, row: RegionRow) {
  const { codeHash, memberCount, activeBitCount, bitCount, labels, labelEntropy, purity, margin } = row
  return {
    path: `${partition.path}/${codeHash}`,
    memberCount,
    bitCount,
    activeBitCount,
    exemplar: `${partition.dataset}/${row.exemplarInput}`,
    exemplarPosition: row.exemplarPosition,
    labelCounts: labels.map((label, i) => ({ label, count: row.labelCounts[i] })),
    labelEntropy,
    purity,
    margin,
  }
}

export type JobView = ReturnType<typeof jobView>

export function jobView(row: JobRow) {
  const { id, kind, state, done, total, errorCode, error, createdAt, startedAt, finishedAt } = row
  const rate = state === 'RUNNING' ? row.rate : null
  const secondsLeft = rate && total !== null ? (total - done) / rate : null
  return {
    id,
    kind,
    state,
    done,
    total,
    rate,
    secondsLeft,
    errorCode,
    error,
    createdAt,
    startedAt,
    finishedAt,
  }
}
