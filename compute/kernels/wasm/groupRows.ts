/** Groups of a segment: arrays grow by whole segments, so that nothing is ever copied and half of it idle. */
const SEGMENT_BITS = 16
const SEGMENT = 1 << SEGMENT_BITS
const IN_SEGMENT = SEGMENT - 1

/** The distinct rows of a group table with their hashes and counts. */
export class GroupRows {
  size = 0
  readonly #width: number
  readonly #words: Uint32Array[] = []
  readonly #hashes: Uint32Array[] = []
  readonly #counts: Uint32Array[] = []

  /** @param width words a row */
  constructor(width: number) {
    this.#width = width
  }

  /** Adds row `row` of `words` (x width) and `hashes` (x 4) as the next group. */
  append(words: Uint32Array, hashes: Uint32Array, row: number): number {
    const group = this.size++
    const at = group & IN_SEGMENT
    if (at === 0) {
      this.#words.push(new Uint32Array(SEGMENT * this.#width))
      this.#hashes.push(new Uint32Array(SEGMENT * 4))
      this.#counts.push(new Uint32Array(SEGMENT))
    }
    const segment = group >>> SEGMENT_BITS
    copyRow(words, row, this.#words[segment], at, this.#width)
    copyRow(hashes, row, this.#hashes[segment], at, 4)
    return group
  }

  count(group: number): void {
    this.#counts[group >>> SEGMENT_BITS][group & IN_SEGMENT]++
  }

  hasHash(group: number, hashes: Uint32Array, row: number): boolean {
    return sameRow(this.#hashes[group >>> SEGMENT_BITS], group & IN_SEGMENT, hashes, row, 4)
  }

  equals(group: number, words: Uint32Array, row: number): boolean {
    return sameRow(this.#words[group >>> SEGMENT_BITS], group & IN_SEGMENT, words, row, this.#width)
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
