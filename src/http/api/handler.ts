import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server'
import type { Request, RequestHandler, Response } from 'express'
import { Kind, parse } from 'graphql'
import { AtlasError } from '../../../compute/errors.ts'
import type { Context, ContextFactory } from '../../graphql/index.ts'
import type { ServingSettings } from '../../settings.ts'
import { callerOf } from '../access/index.ts'
import { requestIdOf } from '../requests.ts'
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
    const contextValue = contexts.create({
      scope: callerOf(request).scope,
      signal,
      requestId: requestIdOf(response),
    })
    const { method, url, body } = request
    const send = method === 'GET' ? sendCacheable : sendOnce
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : ''
    const answering = apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headersOf(request), search, body },
      context: () => Promise.resolve(contextValue),
    })
    try {
      const answer = await Promise.race([answering, aborted(signal)])
      send(request, response, { ...answer, body: bytesOf(answer, maxAnswerBytes) })
    } finally {
      // What was given up may fail later, and nobody waits for it.
      answering.catch(() => undefined)
    }
  }
}

/** An answer as it is written. */
interface Written extends Omit<HTTPGraphQLResponse, 'body'> {
  body: Buffer
}

function bytesOf({ body }: HTTPGraphQLResponse, maxBytes: number): Buffer {
  if (body.kind !== 'complete') throw new Error('Answers are sent in one piece.')
  const bytes = Buffer.from(body.string)
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, maxBytes)
  return bytes
}

/** An answer to POST: nobody keeps it, and Express would hash it for an ETag. */
function sendOnce(_request: Request, response: Response, { status, headers, body }: Written): void {
  for (const [name, value] of headers) response.setHeader(name, value)
  response.statusCode = status ?? 200
  response.setHeader('content-length', body.length)
  response.end(body)
}

/**
 * An answer to GET may be kept. What is asked of codes alone, by their hashes, is the same for ever and in every atlas;
 * anything else is asked for again, by its ETag.
 */
function sendCacheable(request: Request, response: Response, answer: Written): void {
  const { status = 200, headers, body } = answer
  const lasts = status === 200 && asksForCodesAlone(request) && !body.includes('null')
  headers.set('cache-control', lasts ? 'private, max-age=31536000, immutable' : 'private, no-cache')
  headers.set('etag', `"${createHash('sha1').update(body).digest('base64url')}"`)
  response.vary('authorization, x-api-key, cookie, accept')
  if (status !== 200 || headers.get('etag') !== request.get('if-none-match'))
    return sendOnce(request, response, answer)
  headers.delete('content-type')
  sendOnce(request, response, { status: 304, headers, body: Buffer.alloc(0) })
}

/** Whether a query is made of `code` fields that ask for plain fields: nothing of a code's regions, which come and go. */
function asksForCodesAlone({ query: { query } }: Request): boolean {
  // Asked by its hash, its text is not here.
  if (typeof query !== 'string') return false
  const [operation, ...others] = parse(query, { noLocation: true }).definitions
  if (others.length > 0 || operation.kind !== Kind.OPERATION_DEFINITION) return false
  return operation.selectionSet.selections.every(
    (field) =>
      field.kind === Kind.FIELD &&
      field.name.value === 'code' &&
      field.selectionSet?.selections.every((inner) => inner.kind === Kind.FIELD && !inner.selectionSet),
  )
}

function tooLarge(bytes: number, most: number): AtlasError {
  return new AtlasError(
    'ANSWER_TOO_LARGE',
    `The answer has ${bytes} bytes, and ${most} are sent at most: ask for fewer at a time, page by page.`,
  )
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
