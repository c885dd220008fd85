import { assembleSpan, CodeGrouper, spanBits } from '../codes/index.ts'
import { shareRows } from '../kernels/index.ts'
import { sharedBytes, sharedInts, type SharedSide } from './sharedSide.ts'
import type { SpanLayer } from './types.ts'

/** Bytes of codes that are assembled together. */
const SLICE_BYTES = 16 * 2 ** 20

/** A network's stored codes of all inputs of a dataset. */
export interface EncodedSide {
  /** In order; all positions of an input are flattened into its code. */
  layers: SpanLayer[]
  /** By layer: inputs x positions x ceil(units * bitsPerUnit / 8) bytes. */
  codes: Uint8Array[]
  /** Predicted label of each input. */
  predictions: Int32Array
}

/** Groups the inputs by their codes over the layers. Throws CODE_COLLISION, see {@link CodeGrouper}. */
export async function groupSide({ layers, codes, predictions }: EncodedSide): Promise<SharedSide> {
  const inputs = predictions.length
  const shapes = layers.map((layer) => ({
    units: layer.units * layer.bitsPerUnit,
    positions: layer.positions,
  }))
  const bitCount = spanBits(shapes, 'WHOLE_INPUT')
  const grouper = new CodeGrouper(bitCount)
  const regionOfSite = new Int32Array(inputs)
  const slice = Math.max(1, Math.floor((SLICE_BYTES * 8) / bitCount))
  for (let from = 0; from < inputs; from += slice) {
    const rows = Math.min(slice, inputs - from)
    const parts = shapes.map((shape, i) => {
      const stride = codes[i].length / inputs
      return { ...shape, codes: codes[i].subarray(from * stride, (from + rows) * stride) }
    })
    regionOfSite.set(grouper.add(assembleSpan(parts, rows, 'WHOLE_INPUT'), rows), from)
  }
  return {
    regionOfSite: sharedInts(regionOfSite),
    rows: await shareRows(grouper.codes(), grouper.regionCount, bitCount),
    hashes: sharedBytes(grouper.hashes()),
    layers,
    predictions: sharedInts(predictions),
  }
}
