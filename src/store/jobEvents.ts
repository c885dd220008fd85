/**
 * Tells subscribers that a job's row has changed. One connection of its own listens on JOB_CHANNEL for the whole
 * server, opened at the first subscription and opened again whenever it is lost.
 */
import pg from 'pg'
import { JOB_CHANNEL } from './jobs.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

export interface JobEvents {
  /**
   * Signals: the first at once, then one after each change of the job, changes that come while nobody waits made
   * one. A signal may be spurious (after a lost connection), none is lost. It ends with `return()` or `close()`,
   * also while somebody waits for the next one.
   */
  subscribe(jobId: string): AsyncIterableIterator<void>
  /** Jobs that somebody has subscribed to. */
  readonly jobCount: number
  /** Ends every subscription and the connection. */
  close(): Promise<void>
}

/** Signals about the jobs of the atlas at `url`. */
export function createJobEvents(url: string): JobEvents {
  const subscribers = new Map<string, Set<Signals>>()
  const listener = new Listener(
    url,
    (jobId) => subscribers.get(jobId)?.forEach((signals) => signals.notify()),
    () => subscribers.forEach((set) => set.forEach((signals) => signals.notify())),
  )
  return {
    subscribe(jobId) {
      const signals = new Signals(() => {
        const set = subscribers.get(jobId)
        set?.delete(signals)
        if (set?.size === 0) subscribers.delete(jobId)
      })
      const set = subscribers.get(jobId) ?? new Set()
      subscribers.set(jobId, set.add(signals))
      listener.open()
      return signals
    },
    get jobCount() {
      return subscribers.size
    },
    async close() {
      await Promise.all(
        [...subscribers.values()].flatMap((set) => [...set].map((signals) => signals.return())),
      )
      await listener.close()
    },
  }
}

/** One subscription. An async generator would not do: its `return()` waits for the pending `next()`. */
class Signals implements AsyncIterableIterator<void> {
  readonly #onEnd: () => void
  #signalled = true
  #ended = false
  #waiting: (() => void)[] = []

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  notify(): void {
    this.#signalled = true
    this.#wake()
  }

  async next(): Promise<IteratorResult<void, undefined>> {
    while (!this.#signalled && !this.#ended) await new Promise<void>((wake) => this.#waiting.push(wake))
    this.#signalled = false
    return this.#ended ? { done: true, value: undefined } : { done: false, value: undefined }
  }

  async return(): Promise<IteratorResult<void, undefined>> {
    this.#ended = true
    this.#onEnd()
    this.#wake()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** The connection that listens. */
class Listener {
  readonly #url: string
  readonly #onJob: (jobId: string) => void
  readonly #onOpen: () => void
  #client: pg.Client | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(url: string, onJob: (jobId: string) => void, onOpen: () => void) {
    this.#url = url
    this.#onJob = onJob
    this.#onOpen = onOpen
  }

  open(): void {
    if (!this.#client && !this.#retry && !this.#closed) void this.#connect(FIRST_RETRY_MS)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    await this.#client?.end().catch(() => undefined)
  }

  async #connect(retryMs: number): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'polytope-atlas-events',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    })
    this.#client = client
    // 'end' comes after every loss, the failure to connect excepted, which the catch below meets.
    client.on('error', () => undefined)
    client.on('notification', ({ payload }) => this.#onJob(payload ?? ''))
    try {
      await client.connect()
      client.on('end', () => this.#retryAfter(FIRST_RETRY_MS))
      await client.query(`listen ${JOB_CHANNEL}`)
      // Whatever happened before this moment went unheard.
      this.#onOpen()
    } catch {
      await client.end().catch(() => undefined)
      this.#retryAfter(Math.min(2 * retryMs, LAST_RETRY_MS))
    }
  }

  #retryAfter(ms: number): void {
    if (this.#closed || this.#retry) return
    this.#client = undefined
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      void this.#connect(ms)
    }, ms)
    this.#retry.unref()
  }
}
