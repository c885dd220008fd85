import type { GroupTable } from '../contract.ts'
import { GroupRows } from './groupRows.ts'
import { hash128 } from './murmur3.ts'

/** Rows whose table slots are read ahead together. */
const BATCH = 256

/**
 * Distinct rows in order of first appearance, found through their 128-bit hashes. Open addressing with linear
 * probing over (group + 1, first hash word) pairs, half full at most and doubled when it is: a probe touches one
 * cache line and reads a stored hash only where it nearly surely matches. See {@link Kernels.groupTable}.
 */
export class HashGroupTable implements GroupTable {
  readonly #stride: number
  readonly #width: number
  readonly #seed: number
  readonly #rows: GroupRows
  #slots = new Int32Array(4 * BATCH)
  /** Where the read-ahead leaves what it read, so that it is not optimised away. */
  readonly #touched = new Int32Array(1)

  constructor(stride: number, seed: number) {
    this.#stride = stride
    this.#width = Math.ceil(stride / 4)
    this.#seed = seed
    this.#rows = new GroupRows(this.#width)
  }

  get size(): number {
    return this.#rows.size
  }

  insert(words: Uint32Array, rows: number, groups: Int32Array): number {
    const hashes = hash128(words, this.#stride, rows, this.#seed)
    for (let from = 0; from < rows; from += BATCH) {
      const to = Math.min(rows, from + BATCH)
      while ((this.size + BATCH) * 4 > this.#slots.length) this.#grow()
      this.#touch(hashes, from, to)
      for (let row = from; row < to; row++) {
        const group = this.#groupOf(words, hashes, row)
        if (group < 0) return row
        this.#rows.count(group)
        groups[row] = group
      }
    }
    return -1
  }

  words(): Uint32Array {
    return this.#rows.words()
  }

  hashes(): Uint32Array {
    return this.#rows.hashes()
  }

  counts(): Uint32Array {
    return this.#rows.counts()
  }

  /**
   * Reads the slots that a batch will probe: independent loads overlap, where one probe after the other waits for
   * memory each time.
   */
  #touch(hashes: Uint32Array, from: number, to: number): void {
    const slots = this.#slots
    const mask = slots.length / 2 - 1
    let sum = 0
    for (let row = from; row < to; row++) sum += slots[2 * (hashes[4 * row] & mask)]
    this.#touched[0] = sum
  }

  /** The group of a row, new where it is the first of its kind; -1 where a different row has its hash. */
  #groupOf(words: Uint32Array, hashes: Uint32Array, row: number): number {
    const slots = this.#slots
    const mask = slots.length / 2 - 1
    const tag = hashes[4 * row] | 0
    let slot = tag & mask
    for (;;) {
      const group = slots[2 * slot] - 1
      if (group < 0) return this.#append(words, hashes, row, slot)
      if (slots[2 * slot + 1] === tag && this.#rows.hasHash(group, hashes, row)) {
        return this.#rows.equals(group, words, row) ? group : -1
      }
      slot = (slot + 1) & mask
    }
  }

  #append(words: Uint32Array, hashes: Uint32Array, row: number, slot: number): number {
    const group = this.#rows.append(words, hashes, row)
    this.#slots[2 * slot] = group + 1
    this.#slots[2 * slot + 1] = hashes[4 * row]
    return group
  }

  /** Doubles the table. Read in order, the old one fills the two halves of the new one in order. */
  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(2 * old.length)
    const mask = slots.length / 2 - 1
    this.#slots = slots
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue
      let slot = old[from + 1] & mask
      while (slots[2 * slot] !== 0) slot = (slot + 1) & mask
      slots[2 * slot] = old[from]
      slots[2 * slot + 1] = old[from + 1]
    }
  }
}
