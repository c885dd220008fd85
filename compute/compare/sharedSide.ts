import { shareRows, type CodeRows } from '../kernels/index.ts'
import type { Side, SpanLayer } from './types.ts'

/** One side of a comparison in memory that all worker threads see. */
export interface SharedSide {
  regionOfSite: Int32Array
  /** The codes, one row a region. */
  rows: CodeRows
  /** Regions x 16 bytes. */
  hashes: Uint8Array
  layers: SpanLayer[]
  predictions: Int32Array
}

/** Copies a side into shared memory. */
export async function shareSide(side: Side): Promise<SharedSide> {
  return {
    regionOfSite: sharedInts(side.regionOfSite),
    rows: await shareRows(side.codes, side.hashes.length / 16, side.bitCount),
    hashes: sharedBytes(side.hashes),
    layers: side.layers,
    predictions: sharedInts(side.predictions),
  }
}

/** A copy in shared memory. */
export function sharedInts(values: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(values.length * 4))
  shared.set(values)
  return shared
}

/** A copy in shared memory. */
export function sharedBytes(values: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.length))
  shared.set(values)
  return shared
}
