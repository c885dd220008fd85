import { kernels, shareRows } from '../kernels/index.ts'

/** How often each bit of some codes is set, label by label; in pieces, so that memory stays bounded. */
export class LabelledBits {
  readonly #bitCount: number
  readonly #labels: number
  /** Label x bit; the last label stands for none. */
  readonly #set: Float64Array
  /** Codes of each label; the last one for none. */
  readonly #sizes: Float64Array

  /** @param labels labels are 0 to one less than this, or -1 for none */
  constructor(bitCount: number, labels: number) {
    this.#bitCount = bitCount
    this.#labels = labels
    this.#set = new Float64Array((labels + 1) * bitCount)
    this.#sizes = new Float64Array(labels + 1)
  }

  /**
   * Adds rows of codes.
   * @param codes rows x ceil(bitCount / 8) bytes
   * @param labels one a row
   */
  async add(codes: Uint8Array, labels: Int32Array): Promise<void> {
    const runs = this.#labels + 1
    const runOf = (label: number) => (label < 0 ? runs - 1 : label)
    const starts = new Int32Array(runs + 1)
    for (const label of labels) starts[runOf(label) + 1]++
    for (let run = 0; run < runs; run++) {
      this.#sizes[run] += starts[run + 1]
      starts[run + 1] += starts[run]
    }
    const next = starts.slice(0, runs)
    const picks = new Int32Array(labels.length)
    labels.forEach((label, row) => (picks[next[runOf(label)]++] = row))
    const rows = await shareRows(codes, labels.length, this.#bitCount)
    kernels()
      .countBits(rows, picks, starts)
      .forEach((count, at) => (this.#set[at] += count))
  }

  /** Codes by label; the last number is that of codes without one. */
  get sizes(): Float64Array {
    return this.#sizes.slice()
  }

  /** Codes by label in which a bit is set; the last number is that of codes without one. */
  setBy(bit: number): Float64Array {
    return Float64Array.from(this.#sizes, (_, label) => this.#set[label * this.#bitCount + bit])
  }
}
