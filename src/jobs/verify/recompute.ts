/** Runs networks over stored samples again, and compares with what is stored. */
import type { NetworkRunner } from '../../../compute/onnx/index.ts'
import { toCodeOrder } from '../../../compute/onnx/index.ts'
import { decodeValues } from '../../ingest/index.ts'
import type { EncodedLayer } from '../../store/encoding.ts'
import type { DatasetRow, LayerRow, NetworkRow } from '../../store/models.ts'
import type { StoredLayer } from '../../store/verify/read.ts'
import { encodeInputs } from '../encode.ts'
import { Finding } from './finding.ts'

/**
 * Another processor or a GPU adds in another order. What lies nearer to a boundary than this share of its layer's mean
 * distance may fall on either side of it; other numbers may differ by ten times as much.
 */
const ROUNDING = 1e-5
const TOLERANCE = 10 * ROUNDING

/** What is found out about the codes of all networks. */
export interface Recomputed {
  codes: Finding
  margins: Finding
  distances: Finding
  scores: Finding
  /** Bits that differ, on a boundary as far as rounding can tell. */
  roundedBits: number
}

export function startRecomputing(): Recomputed {
  return {
    codes: new Finding('codes of inputs, computed again', 'codes'),
    margins: new Finding('margins of inputs, computed again', 'margins'),
    distances: new Finding('distances of smooth bits, computed again', 'distances'),
    scores: new Finding('predictions of inputs, computed again', 'predictions'),
    roundedBits: 0,
  }
}

/** Inputs that follow one another, and what is stored of them. */
export interface StoredInputs {
  network: NetworkRow
  dataset: DatasetRow
  layers: LayerRow[]
  /** Index of the first. */
  first: number
  samples: Buffer
  stored: Map<number, StoredLayer>
  scores: Float32Array | null
  /** Whether these are all inputs of a chunk, whose sums can then be compared. */
  wholeChunk: boolean
}

/** Encodes the inputs as the job of a partition does, and compares. Throws what the network throws. */
export async function compareInputs(
  runner: NetworkRunner,
  inputs: StoredInputs,
  found: Recomputed,
): Promise<void> {
  const { network, dataset, layers, first, samples } = inputs
  const encoded = await encodeInputs(runner, dataset, layers, first, samples)
  for (const [i, layer] of layers.entries()) {
    const stored = inputs.stored.get(layer.index)
    if (stored === undefined) continue
    const place = (row: number) => `${network.name}/${layer.index}, ${dataset.name}/${first + row}`
    const at = { rows: encoded.rows, place, scale: stored.absoluteSum / stored.count }
    const again = encoded.layers[i]
    compareMargins(again, stored, at, found.margins)
    if (inputs.wholeChunk) compareSums(again, stored, at, found.margins)
    if (stored.distances && again.distances)
      compareDistances(again.distances, stored.distances, at, found.distances)
    const differing = rowsThatDiffer(again.codes, stored.codes, encoded.rows)
    found.codes.looked += encoded.rows
    if (differing === null) found.codes.fault(`${place(0)}: the stored codes have another size`, encoded.rows)
    else if (differing.length > 0)
      await judge(runner, inputs, { layer: i, differing, again, stored, ...at }, found)
  }
  compareScores(encoded.scores, inputs, encoded.rows, found.scores)
}

interface Place {
  rows: number
  place(row: number): string
  /** The layer's mean distance from its boundaries, in its chunk. */
  scale: number
}

function rowsThatDiffer(a: Uint8Array, b: Uint8Array, rows: number): number[] | null {
  if (a.length !== b.length) return null
  if (Buffer.compare(a, b) === 0) return []
  const size = a.length / rows
  return Array.from({ length: rows }, (_, row) => row).filter(
    (row) =>
      Buffer.compare(a.subarray(row * size, (row + 1) * size), b.subarray(row * size, (row + 1) * size)) !==
      0,
  )
}

interface Differing extends Place {
  /** Place of the layer among those that were run, and the rows whose codes differ. */
  layer: number
  differing: number[]
  again: EncodedLayer
  stored: StoredLayer
}

/** Tells bits on a boundary from bits that are wrong, by running the inputs that differ once more. */
async function judge(
  runner: NetworkRunner,
  { dataset, samples, layers }: StoredInputs,
  { layer: at, differing, again, stored, place, scale }: Differing,
  found: Recomputed,
): Promise<void> {
  const { index, positionCount, unitCount, bitsPerUnit } = layers[at]
  const info = runner.summary.layers[index]
  const bits = unitCount * bitsPerUnit
  const stride = Math.ceil(bits / 8)
  for (const row of differing) {
    const sample = samples.subarray(row * dataset.sampleByteCount, (row + 1) * dataset.sampleByteCount)
    const run = await runner.run(decodeValues(sample, dataset.elementType, dataset.scale), 1)
    const { gate } = info
    const pre = gate.kind === 'WINDOWS' ? null : toCodeOrder(Float32Array, info, run.preActivations[at])
    const wrong: string[] = []
    for (let site = 0; site < positionCount; site++) {
      for (let bit = 0; bit < 8 * stride; bit++) {
        const byte = (row * positionCount + site) * stride + (bit >> 3)
        if ((((again.codes[byte] ^ stored.codes[byte]) >> (bit & 7)) & 1) === 0) continue
        const distance =
          gate.kind === 'WINDOWS' || pre === null
            ? again.margins[row * positionCount + site]
            : Math.abs(
                pre[site * unitCount + Math.floor(bit / bitsPerUnit)] - gate.thresholds[bit % bitsPerUnit],
              )
        if (bit < bits && distance <= ROUNDING * scale) found.roundedBits++
        else wrong.push(positionCount === 1 ? `${bit}` : `${bit} of position ${site}`)
      }
    }
    if (wrong.length > 0)
      found.codes.fault(`${place(row)}: bit ${wrong.slice(0, 3).join(', ')}${wrong.length > 3 ? ', …' : ''}`)
  }
}

function near(a: number, b: number, scale: number): boolean {
  return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(scale, Math.abs(b))
}

function compareMargins(
  again: EncodedLayer,
  stored: StoredLayer,
  { rows, place, scale }: Place,
  found: Finding,
) {
  found.looked += stored.margins.length
  const each = again.margins.length / rows
  if (stored.margins.length !== again.margins.length)
    return found.fault(`${place(0)}: the stored margins have another size`)
  again.margins.forEach((margin, i) => {
    if (!near(stored.margins[i], margin, scale))
      found.fault(`${place(Math.floor(i / each))}: ${stored.margins[i]}, not ${margin}`)
  })
}

function compareSums(again: EncodedLayer, stored: StoredLayer, { place }: Place, found: Finding) {
  if (again.count === stored.count && near(stored.absoluteSum, again.absSum, 0)) return
  found.fault(
    `${place(0)}: the distances of its chunk add up to ${again.absSum} over ${again.count}, not ${stored.absoluteSum} over ${stored.count}`,
  )
}

/** Distances are bytes on a logarithmic scale: one step is a sixteenth, and rounding may take it. */
function compareDistances(again: Uint8Array, stored: Uint8Array, { rows, place }: Place, found: Finding) {
  found.looked += stored.length
  if (stored.length !== again.length)
    return found.fault(`${place(0)}: the stored distances have another size`)
  const each = again.length / rows
  // Below 2^-8 a rounding of the network's is more than a sixteenth.
  const SMALL = 48
  again.forEach((byte, i) => {
    if (Math.abs(byte - stored[i]) > 1 && Math.max(byte, stored[i]) > SMALL)
      found.fault(`${place(Math.floor(i / each))}: bit ${i % each}`)
  })
}

function compareScores(again: Float32Array, inputs: StoredInputs, rows: number, found: Finding) {
  const { network, dataset, first, scores: stored } = inputs
  const place = (row: number) => `${network.name}, ${dataset.name}/${first + row}`
  found.looked += rows
  if (stored?.length !== again.length)
    return found.fault(`${place(0)}: predictions of another size are stored`, rows)
  const each = again.length / rows
  // Of all inputs: those of one may cancel out but for rounding.
  const greatest = again.reduce((most, score) => Math.max(most, Math.abs(score)), 0)
  for (let row = 0; row < rows; row++) {
    const scores = again.subarray(row * each, (row + 1) * each)
    const wrong = scores.findIndex((score, i) => !near(stored[row * each + i], score, greatest))
    if (wrong >= 0)
      found.fault(`${place(row)}: output ${wrong} is ${stored[row * each + wrong]}, not ${scores[wrong]}`)
  }
}
