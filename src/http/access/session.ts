import express, { Router } from 'express'
import { z } from 'zod'
import { door, KEY_COOKIE, keyOfRequest, refuse, type Enter, type Identify } from './index.ts'

const body = z.object({ key: z.string().min(1).max(1000) })

/**
 * `POST /session` with `{ key }` keeps a key in a cookie for the explorer and GraphiQL: scripts cannot read it, other
 * sites' pages do not send it. `DELETE /session` forgets it. `GET` tells whether one is kept and what it may.
 */
export function session(identify: Identify, enter: Enter): Router {
  const router = Router()
  const options = { httpOnly: true, sameSite: 'strict', path: '/' } as const
  router.post('/', express.json({ limit: '4kb' }), async (request, response) => {
    const given = body.safeParse(request.body)
    const address = `address ${request.ip ?? 'unknown'}`
    try {
      // A wrong key counts, and a right one: nobody needs more than some a minute.
      ;(await enter(address, 'session'))()
      const key = given.data?.key.trim()
      const { scope, key: name } = await identify(key, address)
      response.cookie(KEY_COOKIE, key, { ...options, secure: request.secure })
      response.json({ key: name, scope })
    } catch (error) {
      refuse(response, error)
    }
  })
  router.delete('/', (_request, response) => {
    response.clearCookie(KEY_COOKIE, options).status(204).end()
  })
  router.get('/', door(identify, enter, 'regions', 'READ'), async (request, response) => {
    const { scope, key } = await identify(keyOfRequest(request), '')
    response.json({ key, scope })
  })
  return router
}
