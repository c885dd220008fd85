import express, { Router } from 'express'
import { z } from 'zod'
import { AtlasError } from '../../../compute/errors.ts'
import { callerOf, door, KEY_COOKIE, type Enter, type Identify } from './index.ts'

const body = z.object({ key: z.string().trim().min(1).max(1000) })

/**
 * `POST /session` with `{ key }` keeps a key in a cookie for the explorer and GraphiQL: scripts cannot read it, other
 * sites' pages do not send it. `DELETE /session` forgets it. `GET` tells whether one is kept and what it may.
 */
export function session(identify: Identify, enter: Enter): Router {
  const router = Router()
  const options = { httpOnly: true, sameSite: 'strict', path: '/' } as const
  router.post('/', express.json({ limit: '4kb' }), async (request, response) => {
    const given = body.safeParse(request.body)
    if (!given.success) throw new AtlasError('BAD_REQUEST', 'Send the key as JSON: { "key": "atlas_…" }.')
    const { scope, key: name } = await identify(request, given.data.key)
    response.cookie(KEY_COOKIE, given.data.key, { ...options, secure: request.secure })
    response.json({ key: name, scope })
  })
  router.delete('/', (_request, response) => {
    response.clearCookie(KEY_COOKIE, options).status(204).end()
  })
  router.get('/', door(identify, enter, 'regions', 'READ'), (request, response) => {
    const { scope, key } = callerOf(request)
    response.json({ key, scope })
  })
  return router
}
