import { hash128, packBits } from '../../codes/index.ts'
import type { Slice } from './index.ts'

/** A slice as a few arrays, which cross threads at the cost of a copy. */
export interface PackedSlice {
  complete: boolean
  /** Polygons + 1: polygon i has the vertices starts[i] … starts[i + 1] - 1. */
  starts: Int32Array
  /** Two a vertex: its coordinates along u and v. */
  places: Float64Array
  /** Polygons x 16 bytes: the hash of each code. */
  hashes: Uint8Array
  predictions: Int32Array
  /** Four a piece of the decision boundary: its ends. */
  edges: Float64Array
  /** Two a piece: its labels, the lower first. */
  edgeLabels: Int32Array
}

export function packSlice({ complete, polygons, decisionBoundary }: Slice): PackedSlice {
  const starts = new Int32Array(polygons.length + 1)
  polygons.forEach(({ vertices }, i) => (starts[i + 1] = starts[i] + vertices.length))
  return {
    complete,
    starts,
    places: Float64Array.from(polygons.flatMap(({ vertices }) => vertices.flat())),
    hashes: hashesOf(polygons),
    predictions: Int32Array.from(polygons, ({ prediction }) => prediction),
    edges: Float64Array.from(decisionBoundary.flatMap(({ from, to }) => [...from, ...to])),
    edgeLabels: Int32Array.from(decisionBoundary.flatMap(({ labelA, labelB }) => [labelA, labelB])),
  }
}

/** The hashes of the polygons' codes, as regions have them. */
function hashesOf(polygons: Slice['polygons']): Uint8Array {
  const bitCount = polygons[0].bits.length
  const codes = packBits(
    polygons.map(({ bits }) => bits),
    bitCount,
  )
  return hash128(codes, Math.ceil(bitCount / 8), polygons.length, bitCount)
}
