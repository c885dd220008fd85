import { AtlasError } from '../../compute/errors.ts'
import type { ClusteringParameters } from './createClustering.ts'
import type { DirectionParameters } from './createDirectionSet.ts'
import type { EmbeddingParameters } from './createEmbedding.ts'
import type { Granularity, RegionMetric } from './models.ts'

/**
 * The natural key of every entity, the same in URL, API, CLI and export:
 *
 *     mnist-a                                 network (or dataset or series: the three share one namespace)
 *     mnist-a/2                               layer 2 of a network, or sample 2 of a dataset
 *     mnist-a/1..3@mnist                      partition, WHOLE_INPUT
 *     mnist-a/1..3@mnist~positions            partition, PER_POSITION
 *     mnist-a/1..3@mnist~positions:24         partition, PER_POSITION, of position 24 alone
 *     mnist-a/1..3@mnist~positions:1+4        partition, PER_POSITION, of position 1 and every fourth behind it
 *     mnist-a/1..3@mnist/<32 hex digits>      region, by the hash of its code
 *     acas/0..5@box:<16 hex digits>           complex, by the hash of its box
 *     acas/0..5@box:<16 hex digits>/<32 hex>  region of a complex
 *     mnist-a/1..3@mnist/segments:2000:1      segment set: at most 2,000 pairs, chosen with the seed 1
 *     mnist-a/1..3@mnist/clusters:hamming:5:3 clustering: clusters of 5 regions at least, 3 samples
 *     mnist-a/1..3@mnist/clusters:hamming:5:3/0  its cluster 0
 *     mnist-a/1..3@mnist/directions:32:1      direction set: 32 components, the seed 1
 *     mnist-a/1..3@mnist/map:15:1             embedding: by 15 neighbours of each region, the seed 1
 */
export type EntityPath =
  | { kind: 'named'; name: string }
  | { kind: 'indexed'; name: string; index: number }
  | ({ kind: 'partition' } & PartitionKey)
  | ({ kind: 'region'; codeHash: string } & PartitionKey)
  | ({ kind: 'complex' } & ComplexKey)
  | ({ kind: 'complexRegion'; codeHash: string } & ComplexKey)
  | ({ kind: 'segments' } & SegmentSetKey)
  | ({ kind: 'clustering' } & ClusteringKey)
  | ({ kind: 'cluster'; index: number } & ClusteringKey)
  | ({ kind: 'directions' } & DirectionSetKey)
  | ({ kind: 'embedding' } & EmbeddingKey)

/** A span of a network's layers, on a dataset, by names. */
export interface SpanKey {
  network: string
  dataset: string
  fromLayer: number
  toLayer: number
}

/** Which positions of an input are sites: the first, and from there every how many; 0 for the first alone. */
export interface PositionRange {
  positionStart: number
  positionStep: number
}

/** No filter of positions. */
export const ALL_POSITIONS: PositionRange = { positionStart: 0, positionStep: 1 }

/** What identifies a partition, by names. Under WHOLE_INPUT its positions are {@link ALL_POSITIONS}. */
export interface PartitionKey extends SpanKey, PositionRange {
  granularity: Granularity
}

/** What identifies a complex. Its span of layers begins at 0. */
export interface ComplexKey {
  network: string
  toLayer: number
  /** 16 hexadecimal digits, see `boxHash`. */
  boxHash: string
}

/** What identifies a segment set, by names. */
export interface SegmentSetKey extends SpanKey {
  /** Pairs at most. */
  pairs: number
  seed: number
}

/** What identifies a direction set, by names. */
export interface DirectionSetKey extends PartitionKey, DirectionParameters {}

/** What identifies an embedding, by names. */
export interface EmbeddingKey extends PartitionKey, EmbeddingParameters {}

/** What identifies a clustering, by names. */
export interface ClusteringKey extends PartitionKey, ClusteringParameters {}

const METRICS: readonly RegionMetric[] = ['HAMMING', 'JACCARD', 'EUCLIDEAN']
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/
const SPAN = String.raw`(?<name>[^/@~]+)(?:/(?<from>\d{1,9})(?:\.\.(?<to>\d{1,9}))?`
const BOX = String.raw`box:(?<box>[0-9a-f]{16})(?:/(?<cell>[0-9a-f]{32}))?`
const CLUSTERS = String.raw`clusters:(?<metric>hamming|jaccard|euclidean):(?<size>[1-9]\d{0,8}):(?<samples>[1-9]\d{0,8})(?:/(?<cluster>0|[1-9]\d{0,8}))?`
const DIRECTIONS = String.raw`directions:(?<components>[1-9]\d{0,8}):(?<factorSeed>0|[1-9]\d{0,9})`
const MAP = String.raw`map:(?<near>[1-9]\d{0,8}):(?<mapSeed>0|[1-9]\d{0,9})`
const IN_PARTITION = String.raw`(?<positions>~positions(?::(?<start>\d{1,9})(?:\+(?<step>[1-9]\d{0,8}))?)?)?(?:/(?:(?<hash>[0-9a-f]{32})|${CLUSTERS}|${DIRECTIONS}|${MAP}))?`
const SEGMENTS = String.raw`/segments:(?<pairs>[1-9]\d{0,8}):(?<seed>0|[1-9]\d{0,9})`
const PATH = new RegExp(`^${SPAN}(?:@(?:${BOX}|(?<dataset>[^/@~:]+)(?:${SEGMENTS}|${IN_PARTITION})))?)?$`)

/** Checks the name of a network, dataset or series. Throws BAD_NAME. */
export function checkName(name: string): string {
  if (NAME.test(name)) return name
  throw new AtlasError(
    'BAD_NAME',
    `"${name}" is no name for a network, dataset or series: use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit.`,
  )
}

/** Reads a path; a span of one layer may be written `2@mnist` too. Throws BAD_PATH. */
export function parsePath(path: string): EntityPath {
  const groups = PATH.exec(path)?.groups
  if (!groups) throw badPath(path)
  const { name, from, to, box, cell, dataset, positions, start, step, hash, pairs, seed, metric, cluster } =
    groups
  if (from === undefined) return { kind: 'named', name }
  if (box !== undefined) {
    if (Number(from) !== 0) throw badPath(path)
    const key: ComplexKey = { network: name, toLayer: Number(to ?? from), boxHash: box }
    return cell === undefined
      ? { kind: 'complex', ...key }
      : { kind: 'complexRegion', codeHash: cell, ...key }
  }
  if (dataset === undefined) {
    if (to !== undefined) throw badPath(path)
    return { kind: 'indexed', name, index: Number(from) }
  }
  const span: SpanKey = { network: name, dataset, fromLayer: Number(from), toLayer: Number(to ?? from) }
  if (pairs !== undefined) {
    if (Number(seed) >= 2 ** 31) throw badPath(path)
    return { kind: 'segments', ...span, pairs: Number(pairs), seed: Number(seed) }
  }
  const key: PartitionKey = {
    ...span,
    granularity: positions === undefined ? 'WHOLE_INPUT' : 'PER_POSITION',
    ...(start === undefined
      ? ALL_POSITIONS
      : { positionStart: Number(start), positionStep: Number(step ?? 0) }),
  }
  if (metric !== undefined) {
    const clustering: ClusteringKey = {
      ...key,
      metric: metricOf(metric),
      minClusterSize: Number(groups.size),
      minSamples: Number(groups.samples),
    }
    return cluster === undefined
      ? { kind: 'clustering', ...clustering }
      : { kind: 'cluster', index: Number(cluster), ...clustering }
  }
  if (groups.components !== undefined) {
    const [components, start] = [Number(groups.components), Number(groups.factorSeed)]
    if (start >= 2 ** 31) throw badPath(path)
    return { kind: 'directions', ...key, components, seed: start }
  }
  if (groups.near !== undefined) {
    const [neighbors, start] = [Number(groups.near), Number(groups.mapSeed)]
    if (start >= 2 ** 31) throw badPath(path)
    return { kind: 'embedding', ...key, neighbors, seed: start }
  }
  return hash === undefined ? { kind: 'partition', ...key } : { kind: 'region', codeHash: hash, ...key }
}

/** `mnist-a/1..3@mnist` */
export function partitionPath(key: PartitionKey): string {
  return spanPath(key) + (key.granularity === 'PER_POSITION' ? `~positions${positionSuffix(key)}` : '')
}

function positionSuffix({ positionStart, positionStep }: PositionRange): string {
  if (positionStart === ALL_POSITIONS.positionStart && positionStep === ALL_POSITIONS.positionStep) return ''
  return `:${positionStart}${positionStep === 0 ? '' : `+${positionStep}`}`
}

/** `mnist-a/1..3@mnist/segments:2000:1` */
export function segmentSetPath(key: SegmentSetKey): string {
  return `${spanPath(key)}/segments:${key.pairs}:${key.seed}`
}

/** The metric with a name in a path. Throws BAD_PATH. */
export function metricOf(name: string): RegionMetric {
  const metric = METRICS.find((known) => known.toLowerCase() === name)
  if (metric) return metric
  throw badPath(name)
}

/** `clusters:hamming:5:3`, behind the path of its partition */
export function clusteringSuffix({ metric, minClusterSize, minSamples }: ClusteringParameters): string {
  return `clusters:${metric.toLowerCase()}:${minClusterSize}:${minSamples}`
}

/** `directions:32:1`, behind the path of its partition */
export function directionSetSuffix({ components, seed }: DirectionParameters): string {
  return `directions:${components}:${seed}`
}

/** `map:15:1`, behind the path of its partition */
export function embeddingSuffix({ neighbors, seed }: EmbeddingParameters): string {
  return `map:${neighbors}:${seed}`
}

function spanPath({ network, dataset, fromLayer, toLayer }: SpanKey): string {
  return `${network}/${fromLayer}..${toLayer}@${dataset}`
}

/** `acas/0..5@box:0123456789abcdef` */
export function complexPath({ network, toLayer, boxHash }: ComplexKey): string {
  return `${network}/0..${toLayer}@box:${boxHash}`
}

function badPath(path: string): AtlasError {
  return new AtlasError(
    'BAD_PATH',
    `"${path}" is no path. Paths look like mnist-a, mnist-a/2, mnist/17, mnist-a/1..3@mnist, ` +
      'mnist-a/1..3@mnist/<32 hex digits>, mnist-a/1..3@mnist/segments:2000:1, mnist-a/1..3@mnist/clusters:hamming:5:3, ' +
      'mnist-a/1..3@mnist/directions:32:1, mnist-a/1..3@mnist/map:15:1 or acas/0..5@box:<16 hex digits>.',
  )
}
