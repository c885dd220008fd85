import { EigenvalueDecomposition, Matrix as Square } from 'ml-matrix'
import { randomWords } from '../compare/random.ts'
import type { CodeRows } from '../kernels/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'

/** Vectors that are turned towards the components: more than are wanted, so that few rounds do. */
const VECTORS = 8
const ROUNDS = 8

/** Bytes of a code at a time: their tables take 512 KiB, which stay near the processor. */
const BYTES = 32

/**
 * Where the rows lie along the two principal components of their bits. The Hamming distance is the squared Euclidean
 * distance of bits as 0 and 1, so that these are its classical scaling. By subspace iteration from a random start (Halko,
 * Martinsson and Tropp, 2011), on the packed bits: a byte of a code costs one look into a table, and memory is 8 numbers a
 * row and a bit. Time 16 passes over the codes.
 *
 * @returns x and y of each row in turn; y is 0 where the rows lie on one line
 */
export function bitComponents(rows: CodeRows, seed: number, stopped: Stopped): Float64Array {
  const bits = packedBits(rows)
  let directions = randomDirections(rows.bitCount, seed)
  for (let round = 0; round < ROUNDS; round++) {
    orthonormalize(directions, rows.bitCount)
    directions = alongBits(bits, centre(timesBits(bits, directions, stopped)), stopped)
  }
  orthonormalize(directions, rows.bitCount)
  return greatestTwo(centre(timesBits(bits, directions, stopped)), rows.rows)
}

interface PackedBits {
  bytes: Uint8Array
  rows: number
  /** Bytes from one row to the next, a multiple of {@link BYTES}. */
  stride: number
  bitCount: number
}

function packedBits({ words, rows, width, bitCount }: CodeRows): PackedBits {
  return {
    bytes: new Uint8Array(words.buffer, words.byteOffset, words.byteLength),
    rows,
    stride: 4 * width,
    bitCount,
  }
}

/** Bits x {@link VECTORS}, each entry evenly from -1 to 1. */
function randomDirections(bitCount: number, seed: number): Float64Array {
  const next = randomWords(seed)
  return Float64Array.from({ length: bitCount * VECTORS }, () => next() / 2 ** 31 - 1)
}

/** Codes times directions: rows x {@link VECTORS}. */
function timesBits(bits: PackedBits, directions: Float64Array, stopped: Stopped): Float64Array {
  const { bytes, rows, stride } = bits
  const sums = new Float64Array(rows * VECTORS)
  const table = new Float64Array(BYTES * 256 * VECTORS)
  for (let first = 0; first < bits.bitCount; first += 8 * BYTES) {
    throwIfStopped(stopped)
    fillTable(table, directions.subarray(first * VECTORS, (first + 8 * BYTES) * VECTORS))
    const used = Math.min(BYTES, Math.ceil((bits.bitCount - first) / 8))
    for (let row = 0; row < rows; row++) {
      const from = row * stride + first / 8
      for (let byte = 0; byte < used; byte++) {
        const entry = (byte * 256 + bytes[from + byte]) * VECTORS
        for (let v = 0; v < VECTORS; v++) sums[row * VECTORS + v] += table[entry + v]
      }
    }
  }
  return sums
}

/** Per byte and value of it: the sum of the directions of the bits that are set. */
function fillTable(table: Float64Array, directions: Float64Array): void {
  table.fill(0)
  for (let bit = 0; bit < directions.length / VECTORS; bit++) {
    const flag = 1 << (bit & 7)
    const base = (bit >> 3) * 256
    for (let value = flag; value < 256; value++) {
      if ((value & flag) === 0) continue
      for (let v = 0; v < VECTORS; v++) table[(base + value) * VECTORS + v] += directions[bit * VECTORS + v]
    }
  }
}

/** Transposed codes times values of the rows: bits x {@link VECTORS}. */
function alongBits(bits: PackedBits, values: Float64Array, stopped: Stopped): Float64Array {
  const { bytes, rows, stride } = bits
  const sums = new Float64Array(bits.bitCount * VECTORS)
  const table = new Float64Array(BYTES * 256 * VECTORS)
  for (let first = 0; first < bits.bitCount; first += 8 * BYTES) {
    throwIfStopped(stopped)
    table.fill(0)
    const used = Math.min(BYTES, Math.ceil((bits.bitCount - first) / 8))
    for (let row = 0; row < rows; row++) {
      const from = row * stride + first / 8
      for (let byte = 0; byte < used; byte++) {
        const entry = (byte * 256 + bytes[from + byte]) * VECTORS
        for (let v = 0; v < VECTORS; v++) table[entry + v] += values[row * VECTORS + v]
      }
    }
    readTable(table, sums.subarray(first * VECTORS, (first + 8 * BYTES) * VECTORS))
  }
  return sums
}

/** Per bit: the sum over the values of its byte that have it set. */
function readTable(table: Float64Array, sums: Float64Array): void {
  for (let bit = 0; bit < sums.length / VECTORS; bit++) {
    const flag = 1 << (bit & 7)
    const base = (bit >> 3) * 256
    for (let value = flag; value < 256; value++) {
      if ((value & flag) === 0) continue
      for (let v = 0; v < VECTORS; v++) sums[bit * VECTORS + v] += table[(base + value) * VECTORS + v]
    }
  }
}

/** Takes the mean from each column: what the rows' codes less their mean would have given. */
function centre(values: Float64Array): Float64Array {
  const mean = new Float64Array(VECTORS)
  for (let at = 0; at < values.length; at++) mean[at % VECTORS] += values[at]
  for (let v = 0; v < VECTORS; v++) mean[v] /= values.length / VECTORS
  for (let at = 0; at < values.length; at++) values[at] -= mean[at % VECTORS]
  return values
}

/** Makes the columns orthogonal and of length 1 (Gram and Schmidt); those that depend on others become 0. */
function orthonormalize(values: Float64Array, rows: number): void {
  for (let v = 0; v < VECTORS; v++) {
    const before = Math.sqrt(productOf(values, v, v, rows))
    for (let other = 0; other < v; other++) {
      const share = productOf(values, v, other, rows)
      for (let row = 0; row < rows; row++) values[row * VECTORS + v] -= share * values[row * VECTORS + other]
    }
    const length = Math.sqrt(productOf(values, v, v, rows))
    // What rounding leaves of a dependent column is no direction.
    const factor = length > 1e-9 * before ? 1 / length : 0
    for (let row = 0; row < rows; row++) values[row * VECTORS + v] *= factor
  }
}

function productOf(values: Float64Array, a: number, b: number, rows: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) sum += values[row * VECTORS + a] * values[row * VECTORS + b]
  return sum
}

/** Turns the columns so that the first two hold the most, and keeps those. */
function greatestTwo(values: Float64Array, rows: number): Float64Array {
  const products = Array.from({ length: VECTORS }, (_, a) =>
    Array.from({ length: VECTORS }, (_, b) => productOf(values, a, b, rows)),
  )
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Square(products), {
    assumeSymmetric: true,
  })
  const order = [...realEigenvalues.keys()].sort((x, y) => realEigenvalues[y] - realEigenvalues[x])
  const [across, up] = order.map((at) => eigenvectorMatrix.getColumn(at))
  const points = new Float64Array(2 * rows)
  for (let row = 0; row < rows; row++) {
    for (let v = 0; v < VECTORS; v++) {
      points[2 * row] += values[row * VECTORS + v] * across[v]
      points[2 * row + 1] += values[row * VECTORS + v] * up[v]
    }
  }
  return points
}
