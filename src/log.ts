import { AsyncLocalStorage } from 'node:async_hooks'
import { pino, type Logger } from 'pino'
import type { Settings } from './settings.ts'

export type { Logger }

const requestIds = new AsyncLocalStorage<string>()

/** JSON lines on stderr, so that stdout stays free for answers. A line of a request carries the request's id. */
export function createLogger(settings: Pick<Settings, 'logLevel'>, name: string): Logger {
  const mixin = () => {
    const requestId = requestIds.getStore()
    return requestId === undefined ? {} : { requestId }
  }
  return pino({ name, level: settings.logLevel, mixin }, pino.destination({ dest: 2, sync: true }))
}

/** Has every line that is logged in the course of `run` carry this id. */
export function withRequestId<Result>(id: string, run: () => Result): Result {
  return requestIds.run(id, run)
}
