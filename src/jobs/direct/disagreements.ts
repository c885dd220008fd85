/** On which inputs the networks of two partitions disagree, over all inputs of their dataset. */
import {
  greatest,
  runComparison,
  type PredictionDistances,
  type Ranked,
} from '../../../compute/compare/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { readCodePairs, readScorePairs } from '../../store/encodedPairs.ts'
import { existing } from '../../store/existing.ts'
import type { DatasetRow, LayerRow, PartitionRow } from '../../store/models.ts'
import { positionsIn } from '../../store/positions.ts'
import { sameLayers, spanOfCodes } from '../spanOfCodes.ts'

/** Two computed partitions of one dataset, and all layers of their networks. */
export interface DisagreementSubject {
  a: PartitionRow
  b: PartitionRow
  dataset: DatasetRow
  layersA: readonly LayerRow[]
  layersB: readonly LayerRow[]
}

/** What is told of each input; read once, when it is first asked for. */
export interface Disagreements {
  predictions(): Promise<PredictionDistances>
  /** Differing bits of each input; null where the bits of the two cannot be compared. */
  codes(): Promise<Uint32Array | null>
}

/** By what to order, and where to begin: behind an input with its value. */
export interface DisagreementPage {
  by: 'PREDICTION' | 'CODE'
  most: number
  after: Ranked | null
}

/** Throws NOT_COMPARABLE where the partitions cut different datasets. */
export function createDisagreements(
  db: Database,
  subject: DisagreementSubject,
  signal: AbortSignal,
): Disagreements {
  if (subject.a.datasetId !== subject.b.datasetId)
    throw new AtlasError(
      'NOT_COMPARABLE',
      'The partitions cut different datasets: choose two of one, whose inputs then have a place in both.',
    )
  return {
    predictions: once(() => readPredictions(db, subject, signal)),
    codes: once(async () => (comparesBits(subject) ? readCodeDistances(db, subject, signal) : null)),
  }
}

/**
 * The inputs of a page, and how many there are on all pages. Throws DIFFERENT_LAYERS (by CODE), NOT_COMPARABLE (by
 * PREDICTION).
 */
export async function rankDisagreements(
  disagreements: Disagreements,
  { by, most, after }: DisagreementPage,
): Promise<{ ranked: Ranked[]; total: number }> {
  const { values, differs } = await (by === 'CODE' ? byCode(disagreements) : byPrediction(disagreements))
  const isBehind = (value: number, input: number) =>
    after === null || value < after.value || (value === after.value && input > after.index)
  let total = 0
  for (let input = 0; input < values.length; input++) if (differs(input)) total++
  const wanted = (value: number, input: number) => differs(input) && isBehind(value, input)
  return { ranked: greatest(values, most, wanted), total }
}

async function byCode({ codes }: Disagreements) {
  const values = await codes()
  if (values) return { values, differs: (input: number) => values[input] > 0 }
  throw new AtlasError(
    'DIFFERENT_LAYERS',
    'The codes of the two partitions cannot be compared bit by bit: choose two with the same layers and positions, or ' +
      'ask by PREDICTION.',
  )
}

async function byPrediction({ predictions }: Disagreements) {
  const { labelsA, labelsB, distances } = await predictions()
  if (distances) return { values: distances, differs: (input: number) => labelsA[input] !== labelsB[input] }
  throw new AtlasError(
    'NOT_COMPARABLE',
    'The networks have different numbers of outputs: choose two with the same, or ask by CODE.',
  )
}

function comparesBits({ a, b, layersA, layersB }: DisagreementSubject): boolean {
  const samePositions = a.positionStart === b.positionStart && a.positionStep === b.positionStep
  const sameSites = a.granularity === b.granularity && samePositions
  return sameSites && sameLayers(spanOfCodes(a, layersA), spanOfCodes(b, layersB))
}

async function readPredictions(
  db: Database,
  { a, b, dataset }: DisagreementSubject,
  signal: AbortSignal,
): Promise<PredictionDistances> {
  const { inputCount } = dataset
  const labelsA = new Int32Array(inputCount)
  const labelsB = new Int32Array(inputCount)
  let distances: Float64Array | null = new Float64Array(inputCount)
  let input = 0
  for await (const pair of readScorePairs(db, { a: a.networkId, b: b.networkId }, dataset.id)) {
    const inputs = Math.min(dataset.chunkSize, inputCount - input)
    const chunk = await runComparison('predictionDistances', { ...pair, inputs }, signal)
    labelsA.set(chunk.labelsA, input)
    labelsB.set(chunk.labelsB, input)
    if (chunk.distances) distances?.set(chunk.distances, input)
    else distances = null
    input += inputs
  }
  return existing(input === inputCount ? { labelsA, labelsB, distances } : null)
}

async function readCodeDistances(
  db: Database,
  subject: DisagreementSubject,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const { a, layersA } = subject
  const distances = new Uint32Array(subject.dataset.inputCount)
  for (const layer of layersA.slice(a.fromLayer, a.toLayer + 1))
    await addLayer(db, subject, layer, distances, signal)
  return distances
}

/** Adds the differing bits of one layer at the positions that are sites, or at all where the input is the site. */
async function addLayer(
  db: Database,
  { a, b, dataset }: DisagreementSubject,
  { index, positionCount }: LayerRow,
  distances: Uint32Array,
  signal: AbortSignal,
): Promise<void> {
  const whole = a.granularity === 'WHOLE_INPUT'
  const positions = whole ? [0] : positionsIn(a, positionCount)
  const sitesAnInput = whole ? 1 : positionCount
  let input = 0
  for await (const pair of readCodePairs(db, { a: a.networkId, b: b.networkId }, dataset.id, index)) {
    const inputs = Math.min(dataset.chunkSize, dataset.inputCount - input)
    const bySite = await runComparison('packedDistances', { ...pair, sites: inputs * sitesAnInput }, signal)
    for (let i = 0; i < inputs; i++)
      for (const position of positions) distances[input + i] += bySite[i * sitesAnInput + position]
    input += inputs
  }
  existing(input === dataset.inputCount ? distances : null)
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined
  return () => (value ??= read())
}
