import { createHash } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { Kind, parse } from 'graphql'
import { askApollo, contextOf, headersOf, send, type Answer, type Answering } from './handler.ts'

/** Answers what is asked by GET, which may be kept, and says of other methods that there are none. */
export function getHandler(answering: Answering): RequestHandler {
  return async (request, response) => {
    const { method, url, headers, body } = request
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : ''
    const context = contextOf(request, response, answering)
    const asked = { method, headers: headersOf(headers), search, body }
    const answer = await askApollo(answering, context, asked)
    if (method === 'GET') sendCacheable(request, response, answer)
    else send(response, answer)
  }
}

/**
 * An answer that may be kept. What is asked of codes alone, by their hashes, is the same for ever and in every atlas;
 * anything else is asked for again, by its ETag.
 */
function sendCacheable(request: Request, response: Response, answer: Answer): void {
  const { status, body } = answer
  const headers = new Map(answer.headers)
  const lasts = status === 200 && asksForCodesAlone(request) && !body.includes('null')
  headers.set('cache-control', lasts ? 'private, max-age=31536000, immutable' : 'private, no-cache')
  headers.set('etag', `"${createHash('sha1').update(body).digest('base64url')}"`)
  response.vary('authorization, x-api-key, cookie, accept')
  if (status !== 200 || headers.get('etag') !== request.get('if-none-match'))
    return send(response, { status, headers, body })
  headers.delete('content-type')
  send(response, { status: 304, headers, body: Buffer.alloc(0) })
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
