/** Tells listeners in the process (metrics, traces) of work as it begins and ends; without listeners it costs nothing. */
import { tracingChannel, type TracingChannel } from 'node:diagnostics_channel'

/** What is known of a piece of work when it begins. */
export class Traced {
  /** The task, or the statement's text. */
  readonly name: string
  /** When it began: milliseconds, as `performance.now` counts them. */
  readonly begun = performance.now()
  failed = false

  constructor(name: string) {
    this.name = name
  }
}

/** A kind of work whose begins and ends can be listened to. */
export type Tracing = TracingChannel<unknown, Traced>

/** Statements in Postgres. */
export const sqlTracing: Tracing = tracingChannel('atlas:sql-statement')
/** Tasks on worker threads: kernels, geometry, inference. */
export const computeTracing: Tracing = tracingChannel('atlas:compute-task')

/** Runs `work` within a tracing. */
export function traced<Result>(tracing: Tracing, name: string, work: () => Promise<Result>): Promise<Result> {
  return tracing.start.hasSubscribers ? tracing.tracePromise(work, new Traced(name)) : work()
}

/** Who hears of work: when it begins, and when it has ended or failed. */
export interface Listener {
  begun?(what: Traced): void
  ended(what: Traced): void
}

/** Listens to a kind of work; answers what ends that. */
export function listen(tracing: Tracing, { begun, ended }: Listener): () => void {
  const handlers = {
    start: (what: unknown) => what instanceof Traced && begun?.(what),
    error: (what: unknown) => what instanceof Traced && (what.failed = true),
    asyncEnd: (what: unknown) => what instanceof Traced && ended(what),
  }
  for (const event of ['start', 'error', 'asyncEnd'] as const) tracing[event].subscribe(handlers[event])
  return () => {
    for (const event of ['start', 'error', 'asyncEnd'] as const) tracing[event].unsubscribe(handlers[event])
  }
}
