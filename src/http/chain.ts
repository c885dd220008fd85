import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the parser of bodies leaves on a request. */
export interface ParsedRequest extends IncomingMessage {
  body?: unknown
}

/** A handler as Express takes them, which needs nothing of Express; it calls `next` once at most, or answers. */
export type Handler = (
  request: ParsedRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown

/** Answers what kept a request from its answer. */
export type FailureHandler = (error: unknown, request: ParsedRequest, response: ServerResponse) => void

/**
 * Handlers one after the other. Express does the same behind a router, and gives each request and response another
 * prototype: what `known.ts` gained is measured without it.
 */
export function chain(handlers: readonly Handler[], failed: FailureHandler) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    let turn = 0
    const next = (error?: unknown) => {
      if (error != null) return failed(error, request, response)
      const handler = handlers[turn++]
      try {
        const done = handler(request, response, next)
        if (done instanceof Promise) done.catch((reason: unknown) => failed(reason, request, response))
      } catch (reason) {
        failed(reason, request, response)
      }
    }
    next()
  }
}

/** The path of a request's address, without what follows `?`. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** What follows `?` in a request's address. */
export function searchOf({ url = '/' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start))
}
