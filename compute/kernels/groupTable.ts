/**
 * Distinct rows in order of first appearance, found through their 128-bit hashes. Open addressing with linear
 * probing over (group + 1, second hash word) pairs, so that a probe touches one cache line and reads a stored
 * hash only where it nearly surely matches. Half full at most; everything grows by doubling.
 * See {@link Kernels.groupTable}.
 */
export class GroupTable {
  /** Words a row. */
  readonly width: number
  /** Number of distinct rows so far. */
  size = 0
  /** Capacity x width words; the first `size` rows are filled. */
  words: Uint32Array
  /** Capacity x 4 words. */
  hashes: Uint32Array
  /** Capacity; members of each group. */
  counts: Uint32Array
  #slots = new Int32Array(2 * 1024)

  /** @param width words a row */
  constructor(width: number) {
    this.width = width
    this.words = new Uint32Array(512 * width)
    this.hashes = new Uint32Array(512 * 4)
    this.counts = new Uint32Array(512)
  }

  /**
   * Adds rows and writes the group of each to `groups`.
   *
   * @param words rows x width
   * @param hashes rows x 4
   * @returns -1, or the first row whose hash equals that of a different row (no row from it on is added)
   */
  insert(words: Uint32Array, hashes: Uint32Array, rows: number, groups: Int32Array): number {
    for (let row = 0; row < rows; row++) {
      const mask = this.#slots.length / 2 - 1
      const tag = hashes[4 * row + 1] | 0
      let slot = hashes[4 * row] & mask
      let group = this.#slots[2 * slot] - 1
      while (group >= 0 && !(this.#slots[2 * slot + 1] === tag && this.#sameHash(group, hashes, row))) {
        slot = (slot + 1) & mask
        group = this.#slots[2 * slot] - 1
      }
      if (group < 0) {
        group = this.#append(words, hashes, row)
        this.#slots[2 * slot] = group + 1
        this.#slots[2 * slot + 1] = tag
        if (this.size * 4 > this.#slots.length) this.#rehash()
      } else if (!this.#sameRow(group, words, row)) return row
      this.counts[group]++
      groups[row] = group
    }
    return -1
  }

  #sameHash(group: number, hashes: Uint32Array, row: number): boolean {
    const own = this.hashes
    const a = 4 * group
    const b = 4 * row
    return own[a] === hashes[b] && own[a + 2] === hashes[b + 2] && own[a + 3] === hashes[b + 3]
  }

  #sameRow(group: number, words: Uint32Array, row: number): boolean {
    const own = this.words
    const a = group * this.width
    const b = row * this.width
    for (let w = 0; w < this.width; w++) if (own[a + w] !== words[b + w]) return false
    return true
  }

  #append(words: Uint32Array, hashes: Uint32Array, row: number): number {
    const group = this.size++
    if (group === this.counts.length) {
      this.words = doubled(this.words)
      this.hashes = doubled(this.hashes)
      this.counts = doubled(this.counts)
    }
    const own = this.words
    const to = group * this.width
    const from = row * this.width
    for (let w = 0; w < this.width; w++) own[to + w] = words[from + w]
    for (let w = 0; w < 4; w++) this.hashes[4 * group + w] = hashes[4 * row + w]
    return group
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length)
    const mask = slots.length / 2 - 1
    for (let group = 0; group < this.size; group++) {
      let slot = this.hashes[4 * group] & mask
      while (slots[2 * slot] !== 0) slot = (slot + 1) & mask
      slots[2 * slot] = group + 1
      slots[2 * slot + 1] = this.hashes[4 * group + 1]
    }
    this.#slots = slots
  }
}

function doubled(array: Uint32Array): Uint32Array {
  const larger = new Uint32Array(2 * array.length)
  larger.set(array)
  return larger
}
