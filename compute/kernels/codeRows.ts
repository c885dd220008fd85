import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { rowWords, widenRows } from './words.ts'

/** Rows are padded to a multiple of so many 32-bit words: 256 bits, whole steps of every backend's inner loop. */
export const BLOCK_WORDS = 8

/** Bytes copied before the event loop gets its turn: some 10 ms. */
const SLICE_BYTES = 16 * 2 ** 20

/** Packed codes laid out for the kernels, in memory that all threads see. Never changed once made. */
export interface CodeRows {
  /** Unlike that of all other rows: a backend finds its copy of them by it. */
  readonly id: bigint
  /** Rows x width, zeros after the last bit. */
  readonly words: Uint32Array
  readonly rows: number
  /** Words a row, a multiple of {@link BLOCK_WORDS}. */
  readonly width: number
  /** Bits of a code. Rows made with a mask hold fewer, in other places: they serve searches alone. */
  readonly bitCount: number
}

/**
 * Copies packed codes into shared memory, each padded to whole blocks; the event loop stays free.
 *
 * @param codes rows x ceil(bitCount / 8) bytes, zero after the last bit
 * @param mask ceil(bitCount / 8) bytes; bits outside it count as 0 in every row. Words without any bit of the mask
 *   are left out of the rows, so that few units cost little
 * @throws RangeError where the bytes do not fit the rows
 */
export async function shareRows(
  codes: Uint8Array,
  rows: number,
  bitCount: number,
  mask?: Uint8Array,
): Promise<CodeRows> {
  const stride = Math.ceil(bitCount / 8)
  if (!Number.isInteger(rows) || codes.length !== rows * stride) {
    throw new RangeError(`${codes.length} bytes of codes for ${rows} rows of ${stride}`)
  }
  const masked = mask ? maskedWords(mask, stride) : undefined
  const used = masked ? masked.places.length : Math.ceil(bitCount / 32)
  const width = Math.ceil(used / BLOCK_WORDS) * BLOCK_WORDS
  const shared = newRows(rows, width)
  const { words } = shared
  const slice = Math.max(1, Math.floor(SLICE_BYTES / Math.max(stride, width * 4)))
  for (let from = 0; from < rows; from += slice) {
    const count = Math.min(slice, rows - from)
    const source = codes.subarray(from * stride, (from + count) * stride)
    const target = words.subarray(from * width, (from + count) * width)
    if (masked) gatherRows(source, stride, count, masked, target, width)
    else widenRows(source, stride, count, target, width)
    if (from + count < rows) await setImmediate()
  }
  return { ...shared, bitCount }
}

/** Rows of zeros, for the caller to write before a kernel sees them. */
export function zeroRows(rows: number, bitCount: number): CodeRows {
  const width = Math.ceil(bitCount / (32 * BLOCK_WORDS)) * BLOCK_WORDS
  return { ...newRows(rows, width), bitCount }
}

/** Rows of zeros under an id of their own, in memory that all threads see. */
function newRows(rows: number, width: number): Omit<CodeRows, 'bitCount'> {
  const words = new Uint32Array(new SharedArrayBuffer(rows * width * 4))
  return { id: randomBytes(8).readBigUInt64LE(), words, rows, width }
}

interface MaskedWords {
  /** Words of a row that have bits of the mask. */
  places: number[]
  /** Those bits, in step. */
  bits: number[]
}

function maskedWords(mask: Uint8Array, stride: number): MaskedWords {
  if (mask.length !== stride) throw new RangeError(`A mask of ${mask.length} bytes for codes of ${stride}`)
  const words = [...rowWords(mask, stride, 1)]
  const places = [...words.keys()].filter((place) => words[place] !== 0)
  return { places, bits: places.map((place) => words[place]) }
}

function gatherRows(
  codes: Uint8Array,
  stride: number,
  rows: number,
  { places, bits }: MaskedWords,
  words: Uint32Array,
  width: number,
): void {
  const source = rowWords(codes, stride, rows)
  const sourceWidth = Math.ceil(stride / 4)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < places.length; i++) {
      words[row * width + i] = source[row * sourceWidth + places[i]] & bits[i]
    }
  }
}
