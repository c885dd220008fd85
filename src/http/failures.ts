import type { ServerResponse } from 'node:http'
import { AtlasError } from '../../compute/errors.ts'
import type { Logger } from '../log.ts'
import { isConnectionLost } from '../store/connectionLost.ts'
import { TooMuch } from './access/limits.ts'
import { requestIdOf } from './requests.ts'

/** Status of an answer that says what is amiss, by its code; any other mistake of a client is 422. */
const STATUS: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  ANSWER_TOO_LARGE: 400,
  UNKNOWN_DOCUMENT: 400,
  KEY_NEEDED: 401,
  UNKNOWN_KEY: 401,
  FORBIDDEN: 403,
  BAD_PATH: 404,
  UNKNOWN_REGION: 404,
  WRONG_HOST: 421,
  RATE_LIMITED: 429,
  TOO_MANY_AT_ONCE: 429,
  DATABASE_AWAY: 503,
  TIMED_OUT: 503,
}

/** When to ask again where Postgres is away: an embedded one is there again by then. */
const AWAY_SECONDS = 2

/**
 * Answers whatever keeps a request outside of GraphQL from its answer, as GraphQL tells of errors: the codes of
 * AtlasErrors, what Express or the body parser says, INTERNAL for bugs, which the log knows more about.
 */
export function answerFailure(error: unknown, response: ServerResponse, log: Logger): void {
  // The client has gone, or has half of an answer: there is nobody to tell.
  if (response.destroyed || response.headersSent) return void response.destroy()
  const { status, code, message } = told(error)
  if (status >= 500 && !(error instanceof AtlasError))
    log.error({ err: error, requestId: requestIdOf(response) }, 'a request failed')
  if (error instanceof TooMuch) response.setHeader('retry-after', error.retryAfterSeconds)
  if (code === 'DATABASE_AWAY') response.setHeader('retry-after', AWAY_SECONDS)
  if (status === 401) response.setHeader('www-authenticate', 'Bearer realm="Polytope Atlas"')
  response.statusCode = status
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }))
}

function told(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof AtlasError) {
    const { code, message } = error
    return { status: STATUS[code] ?? 422, code, message }
  }
  // First, since a request that its client broke off is an ECONNABORTED, as a lost database might be.
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500)
    return { status, code: 'BAD_REQUEST', message: error.message }
  if (isConnectionLost(error))
    return {
      status: 503,
      code: 'DATABASE_AWAY',
      message: 'The atlas does not reach its database at the moment: ask again in some seconds.',
    }
  return { status: 500, code: 'INTERNAL', message: 'The server failed; its log says why.' }
}
