/**
 * Groups of a segment at most, as a power of 2: arrays grow by whole segments, so that nothing is ever copied and half
 * of it idle.
 */
const SEGMENT_BITS = 16

/** Words of a segment at most, 64 MiB, unless one row is longer: codes may have millions of bits. */
const SEGMENT_WORDS = 1 << 24

/** The distinct rows of a group table with their hashes and counts. */
export class GroupRows {
  size = 0
  readonly #width: number
  readonly #segmentBits: number
  readonly #inSegment: number
  readonly #words: Uint32Array[] = []
  readonly #hashes: Uint32Array[] = []
  readonly #counts: Uint32Array[] = []

  /** @param width words a row */
  constructor(width: number) {
    this.#width = width
    const fitting = Math.floor(Math.log2(SEGMENT_WORDS / Math.max(1, width)))
    this.#segmentBits = Math.max(0, Math.min(SEGMENT_BITS, fitting))
    this.#inSegment = 2 ** this.#segmentBits - 1
  }

  /** Adds row `row` of `words` (x width) and `hashes` (x 4) as the next group. */
  append(words: Uint32Array, hashes: Uint32Array, row: number): number {
    const group = this.size++
    const at = group & this.#inSegment
    if (at === 0) {
      const size = this.#inSegment + 1
      this.#words.push(new Uint32Array(size * this.#width))
      this.#hashes.push(new Uint32Array(size * 4))
      this.#counts.push(new Uint32Array(size))
    }
    const segment = group >>> this.#segmentBits
    copyRow(words, row, this.#words[segment], at, this.#width)
    copyRow(hashes, row, this.#hashes[segment], at, 4)
    return group
  }

  count(group: number): void {
    this.#counts[group >>> this.#segmentBits][group & this.#inSegment]++
  }

  hasHash(group: number, hashes: Uint32Array, row: number): boolean {
    return sameRow(this.#hashes[group >>> this.#segmentBits], group & this.#inSegment, hashes, row, 4)
  }

  equals(group: number, words: Uint32Array, row: number): boolean {
    return sameRow(this.#words[group >>> this.#segmentBits], group & this.#inSegment, words, row, this.#width)
  }

  words(): Uint32Array {
    return joined(this.#words, this.size * this.#width)
  }

  hashes(): Uint32Array {
    return joined(this.#hashes, this.size * 4)
  }

  counts(): Uint32Array {
    return joined(this.#counts, this.size)
  }
}

function copyRow(from: Uint32Array, row: number, to: Uint32Array, at: number, width: number): void {
  for (let i = 0; i < width; i++) to[at * width + i] = from[row * width + i]
}

function sameRow(a: Uint32Array, rowA: number, b: Uint32Array, rowB: number, width: number): boolean {
  for (let i = 0; i < width; i++) if (a[rowA * width + i] !== b[rowB * width + i]) return false
  return true
}

/** The first `length` entries of the segments. */
function joined(segments: readonly Uint32Array[], length: number): Uint32Array {
  const all = new Uint32Array(length)
  let at = 0
  for (const segment of segments) {
    all.set(segment.subarray(0, length - at), at)
    at += segment.length
  }
  return all
}
