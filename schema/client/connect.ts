import { print } from '@0no-co/graphql.web'
import { createClient, type Client } from 'graphql-ws/client'
import type { TadaDocumentNode } from './document.ts'
import { AtlasRequestError, firstError, type Answer } from './requestError.ts'

/** Where the atlas is. */
export interface AtlasOptions {
  /** The GraphQL address, such as http://localhost:4000/graphql; in a browser a path is enough. */
  url: string
  /** The key, where the atlas answers those with one. In a page of the atlas itself the cookie of /session serves. */
  key?: string
  /** The WebSocket class for subscriptions, where the platform has none (Node 20): that of the package `ws`. */
  webSocket?: unknown
}

export interface RequestOptions {
  /** Breaks the request off; the server stops the work that it asked for. */
  signal?: AbortSignal
}

/** A document's variables, which may be left out where none must be given, and options. */
type Rest<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions]

/** A connection to one atlas. */
export interface Atlas {
  /** The answer to a query or mutation. Throws AtlasRequestError with the first error of an answer that has any. */
  query<Result, Variables>(
    document: TadaDocumentNode<Result, Variables>,
    ...rest: Rest<Variables>
  ): Promise<Result>
  /** The answers of a subscription, until it ends or the loop over them is left. Throws as `query` does. */
  subscribe<Result, Variables extends Record<string, unknown>>(
    document: TadaDocumentNode<Result, Variables>,
    variables: Variables,
  ): AsyncGenerator<Result>
  /** Uploads a file, and answers the handle that import mutations take. Throws AtlasRequestError. */
  upload(file: Blob | Uint8Array<ArrayBuffer>, options?: RequestOptions): Promise<string>
  /** Ends the subscriptions. */
  close(): Promise<void>
}

/** Connects to the atlas at an address; nothing is sent before the first request. */
export function connect({ url, key, webSocket }: AtlasOptions): Atlas {
  const address = new URL(url, globalThis.location?.href)
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  let sockets: Client | undefined
  return {
    async query<Result, Variables>(
      document: TadaDocumentNode<Result, Variables>,
      ...[variables, options]: Rest<Variables>
    ) {
      const body = JSON.stringify({ query: print(document), variables })
      const headers = { 'content-type': 'application/json', accept: 'application/json', ...authorization }
      return dataOf(await send<Answer<Result>>(address, { method: 'POST', headers, body, ...options }))
    },
    async *subscribe<Result, Variables extends Record<string, unknown>>(
      document: TadaDocumentNode<Result, Variables>,
      variables: Variables,
    ) {
      sockets ??= createClient({
        url: address.href.replace(/^http/, 'ws'),
        webSocketImpl: webSocket,
        connectionParams: authorization,
      })
      for await (const answer of sockets.iterate<Result>({ query: print(document), variables }))
        yield dataOf(answer)
    },
    async upload(file, options) {
      const target = new URL('files', address)
      const init = { method: 'PUT', body: file, headers: authorization, ...options }
      return (await send<{ file: string }>(target, init)).file
    },
    close: async () => sockets?.dispose(),
  }
}

function dataOf<Data>({ errors, data }: Answer<Data>): Data {
  if (errors && errors.length > 0) throw firstError(errors)
  if (data == null) throw new AtlasRequestError('INTERNAL', 'The answer holds neither data nor errors.')
  return data
}

/** The JSON that the server answers; what it refuses throws, but for errors beside data, which are the caller's. */
async function send<Body>(url: URL, init: RequestInit): Promise<Body> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause
    throw new AtlasRequestError('UNREACHABLE', `No atlas answers at ${url.origin}. Is it running?`, { cause })
  })
  const body = await response.json().catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause
    const message = `${url.href} answered ${response.status} without JSON: is this the address of an atlas?`
    throw new AtlasRequestError('NOT_AN_ATLAS', message, { cause })
  })
  if (body.error) throw firstError([{ message: body.error.message, extensions: body.error }])
  if (!response.ok && body.errors?.length > 0) throw firstError(body.errors)
  return body
}
