/** Who may do what, from where, and how often. */
import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { AtlasError } from '../../../compute/errors.ts'
import { includesScope, type KeyScope } from '../../store/keyScopes.ts'
import { keyOfRequest, type Caller, type Identify } from './caller.ts'
import { TooMuch, type Enter, type Route } from './limits.ts'

export { createIdentify, KEY_COOKIE, keyOfRequest, type Caller, type Identify } from './caller.ts'
export { createEnter, TooMuch, type Enter, type Route } from './limits.ts'
export { corsHandler, mayConnect, namesThisMachine } from './origins.ts'

const callers = new WeakMap<IncomingMessage, Caller>()

/** Who sent a request that was let in. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request)
  if (!caller) throw new Error('The request was not let in.')
  return caller
}

/** Lets requests of callers with this scope in, so many at once and a minute; others are told what is amiss. */
export function door(identify: Identify, enter: Enter, route: Route, scope: KeyScope): RequestHandler {
  return async (request, response, next) => {
    try {
      const caller = await identifyRequest(request, identify, enter)
      if (!includesScope(caller.scope, scope)) throw outOfScope(caller, scope)
      response.once('close', await enter(caller.account, route))
      callers.set(request, caller)
    } catch (error) {
      return refuse(response, error)
    }
    next()
  }
}

/** Who sends a wrong key spends what those of the address without a key may ask. */
async function identifyRequest(request: Request, identify: Identify, enter: Enter): Promise<Caller> {
  const address = `address ${request.ip ?? 'unknown'}`
  try {
    return await identify(keyOfRequest(request), address)
  } catch (error) {
    if (error instanceof AtlasError) (await enter(address, 'session'))()
    throw error
  }
}

function outOfScope({ scope }: Caller, needed: KeyScope): AtlasError {
  return new AtlasError(
    'FORBIDDEN',
    `This needs a key of scope ${needed.toLowerCase()}; what was sent may ${scope.toLowerCase()}.`,
  )
}

const STATUS: Record<string, number> = { KEY_NEEDED: 401, UNKNOWN_KEY: 401, FORBIDDEN: 403 }

/** Answers what keeps a request out; throws what is no such reason. */
export function refuse(response: Response, error: unknown): void {
  if (!(error instanceof AtlasError)) throw error
  const { code, message } = error
  if (error instanceof TooMuch) response.set('retry-after', String(error.retryAfterSeconds))
  const status = error instanceof TooMuch ? 429 : (STATUS[code] ?? 400)
  if (status === 401) response.set('www-authenticate', 'Bearer realm="Polytope Atlas"')
  response.status(status).json({ errors: [{ message, extensions: { code } }] })
}
