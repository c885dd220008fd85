import { setMaxListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { AtlasError } from './errors.ts'
import { throwIfStopped, type Stopped } from './stopped.ts'
import { computeTracing, traced } from './tracing.ts'

/** What crosses to a thread. */
interface Message<Input> {
  input: Input
  /** In shared memory: 1 once nobody waits. */
  flag: Int32Array
}

/** What a task answers across threads, where an Error keeps its message but loses its code. */
type Outcome<Value> = { value: Value } | { code: string; message: string }

/** A function that worker threads run. */
export type ThreadTask<Input, Value> = (message: Message<Input>) => Promise<Outcome<Value>>

/**
 * Makes a function fit for a worker's exports: what it throws as an AtlasError arrives as one. A task that is still
 * waiting for a thread when it is stopped does not begin.
 */
export function threadTask<Input, Value>(
  run: (input: Input, stopped: Stopped) => Value | Promise<Value>,
): ThreadTask<Input, Value> {
  return async ({ input, flag }) => {
    const stopped = () => Atomics.load(flag, 0) !== 0
    try {
      throwIfStopped(stopped)
      return { value: await run(input, stopped) }
    } catch (error) {
      if (error instanceof AtlasError) return { code: error.code, message: error.message }
      throw error
    }
  }
}

/** Runs one of a worker's exported tasks on a thread. */
export type RunTask<Tasks> = <Name extends keyof Tasks & string>(
  name: Name,
  input: Tasks[Name] extends ThreadTask<infer Input, unknown> ? Input : never,
  signal?: AbortSignal,
) => Promise<Tasks[Name] extends ThreadTask<never, infer Value> ? Value : never>

/**
 * Worker threads for the tasks that a module exports, started on first use, one a core at most; idle ones keep no
 * process alive and end after a minute.
 *
 * An abort rejects with the signal's reason at once. The thread is told and goes on to the task's own end: ending a
 * thread from outside while native code (ONNX Runtime, CUDA) is at work in it ends the process.
 *
 * @param worker the built module, for example new URL('./worker.js', import.meta.url)
 */
export function workerPool<Tasks extends Record<keyof Tasks, ThreadTask<never, unknown>>>(
  worker: URL,
  maxThreads = availableParallelism(),
): RunTask<Tasks> {
  let pool: Piscina | undefined
  return async (name, input, signal) => {
    signal?.throwIfAborted()
    pool ??= new Piscina({ filename: worker.href, minThreads: 0, maxThreads, idleTimeout: 60_000 })
    const flag = new Int32Array(new SharedArrayBuffer(4))
    const task = pool.run({ input, flag }, { name })
    const outcome = await traced(computeTracing, name, () => untilAborted(task, flag, signal))
    if ('value' in outcome) return outcome.value
    throw new AtlasError(outcome.code, outcome.message)
  }
}

/** The answer of a running task, or the signal's reason as soon as it is aborted. */
function untilAborted<Answer>(
  running: Promise<Answer>,
  flag: Int32Array,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      Atomics.store(flag, 0, 1)
      reject(signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason)))
    }
    // Any number of tasks may wait on the signal of one request: that is no leak.
    if (signal) setMaxListeners(0, signal)
    signal?.addEventListener('abort', onAbort, { once: true })
    running.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onAbort))
  })
}
