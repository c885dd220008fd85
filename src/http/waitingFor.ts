import type { ServerResponse } from 'node:http'
import { AtlasError } from '../../compute/errors.ts'
import { Waiting } from '../store/waiting.ts'

/**
 * Whether anybody waits for an answer: it ends with CLIENT_GONE when the connection closes before the answer was written,
 * with TIMED_OUT after so many seconds.
 */
export function waitingFor(response: ServerResponse, seconds: number): Waiting {
  const waiting = new Waiting()
  const timer = setTimeout(() => waiting.end(timedOut(seconds)), seconds * 1000)
  response.on('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished)
      waiting.end(new AtlasError('CLIENT_GONE', 'The client closed its connection before the answer.'))
  })
  return waiting
}

/** Why a request is given up. */
export function timedOut(seconds: number): AtlasError {
  return new AtlasError(
    'TIMED_OUT',
    `The answer was not there after ${seconds} s, and the work is given up: ask for less at a time, or for what a job computes and stores.`,
  )
}
