import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Logger } from '../log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { inRequestSpan } from '../telemetry/traces.ts'
import { pathOf, type Handler } from './chain.ts'

/** An id that a proxy in front gave, as far as it is one. */
const GIVEN_ID = /^[\w-]{8,64}$/

/** The id of a request that is followed. */
export function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader(ID_HEADER))
}

const ID_HEADER = 'x-request-id'

/** Roots of all addresses: labels of metrics must be few. */
const ROUTES = ['graphql', 'files', 'regions', 'session', 'health', 'metrics', 'assets']

/**
 * Gives every request an id, which the answer's `x-request-id` and lines of the log carry, and tells the metrics, the
 * log (at level info) and the trace of it when it is over.
 */
export function followRequests(metrics: Metrics, log: Logger): Handler {
  return (request, response, next) => {
    const begun = performance.now()
    const given = request.headers[ID_HEADER]
    const id = typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID()
    const { method = '' } = request
    const path = pathOf(request)
    const route = ROUTES.find((root) => path === `/${root}` || path.startsWith(`/${root}/`)) ?? 'explorer'
    response.setHeader(ID_HEADER, id)
    response.once('close', () => {
      const { statusCode: status, writableFinished: whole } = response
      const seconds = (performance.now() - begun) / 1000
      metrics.request(route, knownMethod(method), status, seconds)
      log.info({ requestId: id, method, path, status, ms: Math.round(seconds * 1000), whole }, 'request')
    })
    inRequestSpan(request, response, route, next)
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']

function knownMethod(method: string): string {
  return METHODS.includes(method) ? method : 'other'
}
