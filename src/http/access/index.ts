/** Who may do what, from where, and how often. */
import type { IncomingMessage } from 'node:http'
import { AtlasError } from '../../../compute/errors.ts'
import { includesScope, type KeyScope } from '../../store/keyScopes.ts'
import type { Handler } from '../chain.ts'
import type { Caller, Identify } from './caller.ts'
import type { Enter, Route } from './limits.ts'

export { createIdentify, KEY_COOKIE, type Caller, type Identify } from './caller.ts'
export { createEnter, type Enter, type Route } from './limits.ts'
export { corsHandler, mayConnect, namesThisMachine } from './origins.ts'

const callers = new WeakMap<IncomingMessage, Caller>()

/** Who sent a request that was let in. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request)
  if (!caller) throw new Error('The request was not let in.')
  return caller
}

/** Lets requests of callers with this scope in, so many at once and a minute; others are told what is amiss. */
export function door(identify: Identify, enter: Enter, route: Route, scope: KeyScope): Handler {
  return async (request, response, next) => {
    const caller = await identify(request)
    if (!includesScope(caller.scope, scope)) throw outOfScope(caller, scope)
    response.once('close', await enter(caller.account, route))
    callers.set(request, caller)
    next()
  }
}

function outOfScope({ scope }: Caller, needed: KeyScope): AtlasError {
  return new AtlasError(
    'FORBIDDEN',
    `This needs a key of scope ${needed.toLowerCase()}; what was sent may ${scope.toLowerCase()}.`,
  )
}
