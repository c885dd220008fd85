/** Runs a network over a dataset and stores the codes of its layers, chunk by chunk. */
import { packDistances, packGate, preActivationCount } from '../../compute/codes/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { concatFloats } from '../../compute/floats.ts'
import { openNetwork, type NetworkRunner } from '../../compute/onnx/index.ts'
import { decodeValues } from '../ingest/index.ts'
import type { Database } from '../store/database.ts'
import {
  readDatasetChunks,
  readEncodedChunks,
  writeEncodedChunk,
  type EncodedLayer,
} from '../store/encoding.ts'
import { readFile } from '../store/files.ts'
import type { DatasetRow, LayerRow, NetworkRow } from '../store/models.ts'

/** Pre-activations (float32) that one inference may return: bounds memory whatever the network's width. */
const MAX_ACTIVATIONS = 1 << 24

export interface EncodingRequest {
  network: NetworkRow
  dataset: DatasetRow
  layers: readonly LayerRow[]
  signal: AbortSignal
  /** Called with the inputs done so far, those of earlier attempts included. */
  onProgress(inputs: number): Promise<void>
}

/**
 * Encodes the chunks that are not stored yet. While Postgres sends the next chunk and stores the one before,
 * the network runs on this one. A chunk's rows commit together: a killed worker loses at most its chunk.
 */
export async function encodeDataset(db: Database, request: EncodingRequest): Promise<void> {
  const { network, dataset, layers, signal } = request
  const fromLayer = layers[0].index
  const toLayer = layers[layers.length - 1].index
  const stored = await readEncodedChunks(db, network.id, dataset.id, fromLayer, toLayer)
  const chunkCount = Math.ceil(dataset.inputCount / dataset.chunkSize)
  const missing = Array.from({ length: chunkCount }, (_, i) => i).filter((i) => !stored.has(i))
  if (missing.length === 0) return request.onProgress(dataset.inputCount)
  const bytes = await readFile(db, network.sha256)
  const runner = await openNetwork(
    bytes,
    layers.map((layer) => layer.index),
  )
  let done = dataset.inputCount - missing.reduce((sum, chunk) => sum + rowsOf(dataset, chunk), 0)
  let write: Promise<void> = Promise.resolve()
  try {
    let next = 0
    for await (const data of readDatasetChunks(db, dataset.id, missing)) {
      const chunk = missing[next++]
      const encoded = await encodeInputs(runner, dataset, layers, chunk * dataset.chunkSize, data)
      await write
      await request.onProgress(done)
      signal.throwIfAborted()
      done += encoded.rows
      write = writeEncodedChunk(db, network.id, dataset.id, chunk, encoded.layers, encoded.scores)
      // A failure is met at the next await; until then it must not count as unhandled.
      write.catch(() => undefined)
    }
    await write
    await request.onProgress(done)
  } finally {
    await Promise.allSettled([write])
    await runner.close()
  }
}

function rowsOf(dataset: DatasetRow, chunk: number): number {
  return Math.min(dataset.chunkSize, dataset.inputCount - chunk * dataset.chunkSize)
}

/** What a network makes of some inputs. */
export interface EncodedInputs {
  layers: EncodedLayer[]
  scores: Float32Array
}

/**
 * Inference and packing of the inputs from `first` on whose raw samples are given, in batches that respect
 * MAX_ACTIVATIONS. What comes out for an input does not depend on the others.
 */
export async function encodeInputs(
  runner: NetworkRunner,
  dataset: DatasetRow,
  layers: readonly LayerRow[],
  first: number,
  data: Uint8Array,
): Promise<EncodedInputs & { rows: number }> {
  const values = decodeValues(data, dataset.elementType, dataset.scale)
  const rows = data.length / dataset.sampleByteCount
  const sampleSize = values.length / rows
  const width = layers.reduce((sum, { index }) => sum + preActivationCount(runner.summary.layers[index]), 0)
  const batchRows = Math.max(1, Math.min(rows, Math.floor(MAX_ACTIVATIONS / width)))
  const batches: EncodedInputs[] = []
  for (let from = 0; from < rows; from += batchRows) {
    const to = Math.min(rows, from + batchRows)
    const output = await runner.run(values.subarray(from * sampleSize, to * sampleSize), to - from)
    checkFinite(output.scores, first + from, to - from)
    batches.push({
      layers: layers.map((layer, i) => encodeLayer(runner, layer, output.preActivations[i], to - from)),
      scores: output.scores,
    })
  }
  return { rows, ...(batches.length === 1 ? batches[0] : joinBatches(batches)) }
}

function encodeLayer(
  runner: NetworkRunner,
  layer: LayerRow,
  preActivations: Float32Array,
  rows: number,
): EncodedLayer {
  const info = runner.summary.layers[layer.index]
  const { exact, gate } = info
  return {
    layer: layer.index,
    ...packGate(preActivations, rows, info),
    distances: exact || gate.kind === 'WINDOWS' ? null : packDistances(preActivations, info, gate.thresholds),
  }
}

function joinBatches(batches: EncodedInputs[]): EncodedInputs {
  return {
    layers: batches[0].layers.map((first, i) => {
      const parts = batches.map((batch) => batch.layers[i])
      return {
        layer: first.layer,
        codes: Buffer.concat(parts.map((part) => part.codes)),
        margins: concatFloats(parts.map((part) => part.margins)),
        distances: first.distances && Buffer.concat(parts.flatMap(({ distances }) => distances ?? [])),
        absSum: parts.reduce((sum, part) => sum + part.absSum, 0),
        count: parts.reduce((sum, part) => sum + part.count, 0),
      }
    }),
    scores: concatFloats(batches.map((batch) => batch.scores)),
  }
}

function checkFinite(scores: Float32Array, firstInput: number, rows: number): void {
  const bad = scores.findIndex((score) => !Number.isFinite(score))
  if (bad < 0) return
  const input = firstInput + Math.floor(bad / (scores.length / rows))
  throw new AtlasError(
    'NON_FINITE_ACTIVATION',
    `The network's output for input ${input} is not finite: check that the inputs have the range it was trained on.`,
  )
}
