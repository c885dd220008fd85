import { Router } from 'express'
import { computeInUse } from '../jobs/direct/compute.ts'
import type { Database } from '../store/database.ts'

/** Longer than this for `select 1` is not ready. */
const READY_MS = 5_000

/**
 * `/health/live`: the process answers; restart it where it does not. `/health/ready`: it reaches Postgres, and is not
 * about to stop; send it no requests where it is not. `/health`: the latter, and what computes here.
 */
export function health(db: Database, isStopping: () => boolean): Router {
  const router = Router()
  const problem = async (): Promise<string | null> => {
    if (isStopping()) return 'The server is stopping.'
    const late = new Promise<never>((_, reject) => setTimeout(reject, READY_MS).unref())
    return Promise.race([db.pool.query('select 1'), late]).then(
      () => null,
      () => 'Postgres does not answer.',
    )
  }
  router.get('/live', (_request, response) => void response.json({ status: 'ok' }))
  router.get(['/', '/ready'], async (request, response) => {
    const amiss = await problem()
    if (amiss !== null) return void response.status(503).json({ status: 'unavailable', problem: amiss })
    response.json({ status: 'ok', ...(request.path === '/' && { compute: computeInUse() }) })
  })
  return router
}
