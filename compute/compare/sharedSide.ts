import { shareRows } from '../neighbors/sharedRows.ts'
import type { Side, SpanLayer } from './types.ts'

/** One side of a comparison in memory that all worker threads see. */
export interface SharedSide {
  regionOfSite: Int32Array
  regions: number
  /** Regions x width: the codes as 32-bit words, zeros after the last bit. */
  words: Uint32Array
  /** Words a code, whole blocks of the distance kernel. */
  width: number
  /** Regions x 16 bytes. */
  hashes: Uint8Array
  bitCount: number
  layers: SpanLayer[]
  predictions: Int32Array
}

/** Copies a side into shared memory. */
export async function shareSide(side: Side): Promise<SharedSide> {
  const { words, width } = await shareRows(side.codes, side.bitCount)
  return {
    regionOfSite: sharedInts(side.regionOfSite),
    regions: side.hashes.length / 16,
    words,
    width,
    hashes: sharedBytes(side.hashes),
    bitCount: side.bitCount,
    layers: side.layers,
    predictions: sharedInts(side.predictions),
  }
}

function sharedInts(values: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(values.length * 4))
  shared.set(values)
  return shared
}

function sharedBytes(values: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.length))
  shared.set(values)
  return shared
}
