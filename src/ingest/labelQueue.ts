/** Labels taken in other portions than they are read in. */
export class LabelQueue {
  readonly #batches: AsyncIterator<Int32Array>
  #batch: Int32Array = new Int32Array()
  #used = 0

  constructor(batches: AsyncIterable<Int32Array>) {
    this.#batches = batches[Symbol.asyncIterator]()
  }

  /** The next `count` labels, or all that are left if there are fewer. */
  async take(count: number): Promise<Int32Array> {
    const labels = new Int32Array(count)
    for (let taken = 0; taken < count;) {
      if (this.#used === this.#batch.length && !(await this.#fill())) return labels.subarray(0, taken)
      const part = this.#batch.subarray(this.#used, this.#used + count - taken)
      labels.set(part, taken)
      this.#used += part.length
      taken += part.length
    }
    return labels
  }

  /** Reads to the end and answers how many labels were left. */
  async countRest(): Promise<number> {
    let rest = this.#batch.length - this.#used
    while (await this.#fill()) rest += this.#batch.length
    return rest
  }

  async #fill(): Promise<boolean> {
    const next = await this.#batches.next()
    this.#used = 0
    this.#batch = next.done ? new Int32Array() : next.value
    return next.done !== true
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }
}
