import type { IncomingMessage } from 'node:http'
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server'
import type { RequestHandler, Response } from 'express'
import { AtlasError } from '../../../compute/errors.ts'
import type { Context, ContextFactory } from '../../graphql/index.ts'
import type { ServingSettings } from '../../settings.ts'
import { callerOf } from '../access/index.ts'
import { waitSignal } from '../waitSignal.ts'

type Limits = Pick<ServingSettings, 'timeoutSeconds' | 'maxAnswerBytes'>

/** Answers GraphQL over HTTP, within the time and size that an answer may have. */
export function apiHandler(
  apollo: ApolloServer<Context>,
  contexts: ContextFactory,
  { timeoutSeconds, maxAnswerBytes }: Limits,
): RequestHandler {
  return async (request, response) => {
    const signal = waitSignal(response, timeoutSeconds)
    const contextValue = contexts.create({ scope: callerOf(request).scope, signal })
    const { method, url, body } = request
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : ''
    const answering = apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headersOf(request), search, body },
      context: () => Promise.resolve(contextValue),
    })
    try {
      const answer = await Promise.race([answering, aborted(signal)])
      send(response, answer, maxAnswerBytes)
    } catch (error) {
      answering.catch(() => undefined)
      if (!(error instanceof AtlasError)) throw error
      const status = error.code === 'TIMED_OUT' ? 503 : 400
      // Nobody hears it when the client has gone.
      if (!response.destroyed) sendError(response, status, error)
    }
  }
}

/** Written as it is: Express would hash each answer for an ETag, which answers to POST have no use for. */
function send(response: Response, { status, headers, body }: HTTPGraphQLResponse, maxBytes: number): void {
  if (body.kind !== 'complete') throw new Error('Answers are sent in one piece.')
  const answer = Buffer.from(body.string)
  if (answer.length > maxBytes) throw tooLarge(answer.length, maxBytes)
  for (const [name, value] of headers) response.setHeader(name, value)
  response.statusCode = status ?? 200
  response.setHeader('content-length', answer.length)
  response.end(answer)
}

function tooLarge(bytes: number, most: number): AtlasError {
  return new AtlasError(
    'ANSWER_TOO_LARGE',
    `The answer has ${bytes} bytes, and ${most} are sent at most: ask for fewer at a time, page by page.`,
  )
}

function sendError(response: Response, status: number, { code, message }: AtlasError): void {
  response.status(status).json({ errors: [{ message, extensions: { code } }] })
}

function headersOf({ headers }: IncomingMessage): HeaderMap {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  return map
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
