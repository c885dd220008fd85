/** How the codes of a dataset move along a series of networks. */
import { runComparison, type CodeChange, type SharedSide } from '../../../compute/compare/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { readEncodedNetworks, readLayerCodes } from '../../store/encoding.ts'
import { existing } from '../../store/existing.ts'
import type { DatasetRow, LayerRow, NetworkRow, SeriesMemberRow } from '../../store/models.ts'
import { readPredictedLabels } from '../predictedLabels.ts'
import { spanOfCodes } from '../spanOfCodes.ts'

/** Which codes to follow. */
export interface TrainingSubject {
  members: readonly SeriesMemberRow[]
  /** Those of the members, in order. */
  networks: readonly NetworkRow[]
  dataset: DatasetRow
  /** All layers of the first network; the others have the same. */
  layers: readonly LayerRow[]
  fromLayer: number
  toLayer: number
}

/** One step: the members before and after it, and what it changed. */
export interface TrainingStep {
  from: SeriesMemberRow
  to: SeriesMemberRow
  /** Regions of the later member. */
  regionCount: number
  change: CodeChange
  /** From the first member of all. */
  sinceFirst: CodeChange
}

/** Bytes of one network's codes at most: those of four networks are in memory at once. */
const MAX_BYTES = 2 ** 29

/**
 * Compares each network with the one before and with the first: in memory are four of them at a time, whatever the number.
 * Throws TOO_LARGE, NOT_COMPUTED.
 */
export async function readTraining(
  db: Database,
  subject: TrainingSubject,
  signal: AbortSignal,
): Promise<TrainingStep[]> {
  checkSize(subject)
  await checkEncoded(db, subject)
  const { members } = subject
  const first = await readSide(db, subject, members[0], signal)
  const steps: TrainingStep[] = []
  let before = first
  let side = await readSide(db, subject, members[1], signal)
  for (const [i, to] of members.slice(1).entries()) {
    const sincePrevious = runComparison('codeChange', { a: before, b: side }, signal)
    const [change, sinceFirst, next] = await Promise.all([
      sincePrevious,
      before === first ? sincePrevious : runComparison('codeChange', { a: first, b: side }, signal),
      // Read while threads compare.
      i + 2 < members.length ? readSide(db, subject, members[i + 2], signal) : side,
    ])
    steps.push({ from: members[i], to, regionCount: side.rows.rows, change, sinceFirst })
    before = side
    side = next
  }
  return steps
}

function checkSize({ dataset, layers, fromLayer, toLayer }: TrainingSubject): void {
  const span = layers.slice(fromLayer, toLayer + 1)
  const bytes = span.reduce((sum, layer) => sum + dataset.inputCount * codeBytes(layer), 0)
  if (bytes <= MAX_BYTES) return
  throw new AtlasError(
    'TOO_LARGE',
    `The codes of ${dataset.inputCount} inputs take ${bytes} bytes, more than ${MAX_BYTES}: choose a span of fewer layers.`,
  )
}

/** Bytes of one input's code in a layer, as it is stored. */
function codeBytes({ unitCount, bitsPerUnit, positionCount }: LayerRow): number {
  return positionCount * Math.ceil((unitCount * bitsPerUnit) / 8)
}

async function checkEncoded(db: Database, subject: TrainingSubject): Promise<void> {
  const { networks, dataset, fromLayer, toLayer } = subject
  const ids = networks.map(({ id }) => id)
  const encoded = await readEncodedNetworks(db, ids, dataset, fromLayer, toLayer)
  const lacking = networks.filter(({ id }) => !encoded.has(id)).map(({ name }) => `"${name}"`)
  if (lacking.length === 0) return
  throw new AtlasError(
    'NOT_COMPUTED',
    `The codes of "${dataset.name}" in layers ${fromLayer}..${toLayer} are not stored for ${lacking.join(', ')}: call ` +
      'createPartition with these layers for each of them, and ask again when its job has succeeded.',
  )
}

async function readSide(
  db: Database,
  { dataset, layers, fromLayer, toLayer }: TrainingSubject,
  { networkId }: SeriesMemberRow,
  signal: AbortSignal,
): Promise<SharedSide> {
  signal.throwIfAborted()
  const span = spanOfCodes({ fromLayer, toLayer, granularity: 'WHOLE_INPUT' }, layers)
  const codes = layers
    .slice(fromLayer, toLayer + 1)
    .map((layer) => new Uint8Array(new SharedArrayBuffer(dataset.inputCount * codeBytes(layer))))
  const read = codes.map(() => 0)
  for await (const chunk of readLayerCodes(db, networkId, dataset.id, fromLayer, toLayer)) {
    for (const [i, bytes] of chunk.entries()) {
      codes[i].set(bytes, read[i])
      read[i] += bytes.length
    }
  }
  const complete = codes.every(({ length }, i) => read[i] === length)
  const predictions = existing(complete ? await readPredictedLabels(db, networkId, dataset) : null)
  return runComparison('groupSide', { layers: span, codes, predictions }, signal)
}
