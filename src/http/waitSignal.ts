import type { ServerResponse } from 'node:http'
import { AtlasError } from '../../compute/errors.ts'

/**
 * Aborted when nobody waits for an answer any more: with CLIENT_GONE when the connection closes before the answer was
 * written, with TIMED_OUT after so many seconds.
 */
export function waitSignal(response: ServerResponse, seconds: number): AbortSignal {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(timedOut(seconds)), seconds * 1000)
  response.on('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished)
      controller.abort(new AtlasError('CLIENT_GONE', 'The client closed its connection before the answer.'))
  })
  return controller.signal
}

/** Why a request is given up. */
export function timedOut(seconds: number): AtlasError {
  return new AtlasError(
    'TIMED_OUT',
    `The answer was not there after ${seconds} s, and the work is given up: ask for less at a time, or for what a job computes and stores.`,
  )
}
