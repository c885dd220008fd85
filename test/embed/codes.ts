/** Made codes, one array element a bit, and what can be said of them by brute force. */
import { packRows } from '../support/reference.ts'
import { uniform } from '../support/onnx.ts'

/** Codes around random centres, of whose bits a share is flipped: code i is around centre i % centres. Distinct. */
export function groupedBits(
  rows: number,
  bitCount: number,
  centres: number,
  flipped: number,
  seed = 1,
): boolean[][] {
  const random = uniform(seed)
  const centreBits = Array.from({ length: centres }, () =>
    Array.from({ length: bitCount }, () => random() < 0.5),
  )
  const codes = new Map<string, boolean[]>()
  while (codes.size < rows) {
    const bits = centreBits[codes.size % centres].map((bit) => bit !== random() < flipped)
    codes.set(bits.map(Number).join(''), bits)
  }
  return [...codes.values()]
}

/** Codes of random points of a cube by random planes: near points have near codes. Distinct. */
export function cutBits(rows: number, bitCount: number, dimensions: number, seed = 1): boolean[][] {
  const random = uniform(seed)
  const draw = (count: number) => Array.from({ length: count }, () => random() - 0.5)
  const planes = Array.from({ length: bitCount }, () => ({
    normal: draw(dimensions),
    offset: (random() - 0.5) / 2,
  }))
  const codes = new Map<string, boolean[]>()
  while (codes.size < rows) {
    const point = draw(dimensions)
    const bits = planes.map(
      ({ normal, offset }) => normal.reduce((sum, value, axis) => sum + value * point[axis], offset) > 0,
    )
    codes.set(bits.map(Number).join(''), bits)
  }
  return [...codes.values()]
}

export function inputOf(bits: boolean[][]): { codes: Uint8Array; bitCount: number } {
  return { codes: packRows(bits), bitCount: bits[0].length }
}

export function hammingDistances(codes: readonly boolean[][]): number[][] {
  return codes.map((a) => codes.map((b) => a.reduce((sum, bit, i) => sum + Number(bit !== b[i]), 0)))
}

export function planeDistances(positions: Float32Array | Float64Array): number[][] {
  const points = Array.from({ length: positions.length / 2 }, (_, i) => [
    positions[2 * i],
    positions[2 * i + 1],
  ])
  return points.map(([x, y]) => points.map(([u, v]) => Math.hypot(x - u, y - v)))
}

/** The k nearest others of a row by its distances, ties by index. */
export function nearestOf(distances: readonly number[], row: number, k: number): number[] {
  const others = [...distances.keys()].filter((other) => other !== row)
  return others.sort((a, b) => distances[a] - distances[b] || a - b).slice(0, k)
}

/**
 * Trustworthiness (Venna and Kaski, 2001): 1 less the ranks, beyond k, that the k nearest in the map have in truth. The
 * rank of a row is 1 and the number of those nearer.
 */
export function trustworthiness(truth: number[][], map: number[][], k: number): number {
  const rows = truth.length
  let excess = 0
  for (let row = 0; row < rows; row++) {
    for (const other of nearestOf(map[row], row, k)) {
      const nearer = truth[row].filter((distance, i) => i !== row && distance < truth[row][other]).length
      excess += Math.max(0, nearer + 1 - k)
    }
  }
  return 1 - (2 / (rows * k * (2 * rows - 3 * k - 1))) * excess
}
