import type { IncomingMessage, ServerResponse } from 'node:http'
import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from '@apollo/server'
import { LRUCache } from 'lru-cache'
import { AtlasError } from '../../../compute/errors.ts'
import type { Context, ContextFactory } from '../../graphql/index.ts'
import type { ServingSettings } from '../../settings.ts'
import { callerOf } from '../access/index.ts'
import type { Handler } from '../chain.ts'
import { requestIdOf } from '../requests.ts'
import { waitingFor } from '../waitingFor.ts'
import type { KnownDocuments } from './known.ts'
import { pack } from './pack.ts'

/** What answers GraphQL over HTTP. */
export interface Answering {
  apollo: ApolloServer<Context>
  known: KnownDocuments
  contexts: ContextFactory
  serving: Pick<ServingSettings, 'timeoutSeconds' | 'maxAnswerBytes'>
}

/** An answer as it is to be sent. Text goes out in one piece with its headers, bytes would be a piece of their own. */
export interface Answer {
  status: number
  headers: ReadonlyMap<string, string>
  body: string | Buffer
}

/** How many forms of the header `accept` are remembered; each client sends one. */
const MAX_FORMS = 100

/** Answers requests to POST within the time and size that an answer may have. */
export function postHandler(answering: Answering): Handler {
  const { known, serving } = answering
  // Of `accept` the type that Apollo answered it by.
  const types = new LRUCache<string, string>({ max: MAX_FORMS })
  return async (request, response) => {
    const context = contextOf(request, response, answering)
    const { accept = '', 'accept-encoding': acceptEncoding } = request.headers
    const type = types.get(accept)
    const text = type === undefined ? null : await beforeEnd(context, known.answer(request.body, context))
    if (type !== undefined && text !== null) {
      checkSize(text, serving.maxAnswerBytes)
      const answer = { status: 200, headers: new Map([['content-type', type]]), body: text }
      return send(response, await pack(answer, acceptEncoding))
    }
    const asked = { method: 'POST', headers: headersOf(request.headers), search: '', body: request.body }
    const answer = await askApollo(answering, context, asked)
    const learned = answer.headers.get('content-type')
    if (answer.status === 200 && learned !== undefined) types.set(accept, learned)
    send(response, await pack(answer, acceptEncoding))
  }
}

/** What Apollo answers a request, within the time and size that an answer may have. */
export async function askApollo(
  { apollo, serving }: Answering,
  context: Context,
  httpGraphQLRequest: HTTPGraphQLRequest,
): Promise<Answer> {
  const answering = apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest,
    context: () => Promise.resolve(context),
  })
  const { status = 200, headers, body } = await beforeEnd(context, answering)
  if (body.kind !== 'complete') throw new Error('Answers are sent in one piece.')
  checkSize(body.string, serving.maxAnswerBytes)
  return { status, headers, body: body.string }
}

/** The context of a request: who asks, and whether they still wait. */
export function contextOf(
  request: IncomingMessage,
  response: ServerResponse,
  { contexts, serving }: Answering,
): Context {
  return contexts.create({
    scope: callerOf(request).scope,
    waiting: waitingFor(response, serving.timeoutSeconds),
    requestId: requestIdOf(response),
  })
}

/** Writes an answer, all of it at once. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  for (const [name, value] of headers) response.setHeader(name, value)
  response.statusCode = status
  response.setHeader('content-length', Buffer.byteLength(body))
  response.end(body)
}

/** Headers as Apollo reads them. */
export function headersOf(headers: IncomingMessage['headers']): HeaderMap {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  return map
}

function checkSize(text: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return
  throw new AtlasError(
    'ANSWER_TOO_LARGE',
    `The answer has ${bytes} bytes, and ${maxBytes} are sent at most: ask for fewer at a time, page by page.`,
  )
}

/** What work comes to, unless it is given up before: then it may fail later, and nobody waits for it. */
function beforeEnd<Result>({ waiting }: Context, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    waiting.onEnd(reject)
    work.then(resolve, reject)
  })
}
