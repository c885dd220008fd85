/**
 * Whether anybody still waits for an answer. What an AbortSignal tells, which is made when something asks for it: where
 * statements listened to one, collecting the garbage of a small request took 8 instead of 5 µs.
 */
export class Waiting {
  #reason: Error | undefined
  #controller: AbortController | undefined
  readonly #listeners = new Set<(reason: Error) => void>()

  /** Nobody waits any more: everyone who listens is told why. Only the first reason counts. */
  end(reason: Error): void {
    if (this.#reason) return
    this.#reason = reason
    this.#controller?.abort(reason)
    for (const listener of this.#listeners) listener(reason)
    this.#listeners.clear()
  }

  /** Listens for the end, which has not come yet; answers what stops listening. */
  onEnd(listener: (reason: Error) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Throws the reason where the end has come. */
  check(): void {
    if (this.#reason) throw this.#reason
  }

  /** For what takes a signal: aborted at the end, with its reason. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }
}
