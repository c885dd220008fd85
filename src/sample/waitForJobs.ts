import { setTimeout as sleep } from 'node:timers/promises'
import { AtlasError } from '../../compute/errors.ts'
import { sql, type Database } from '../store/database.ts'

const POLL_MS = 100

/** Waits until all jobs have succeeded. Throws JOB_FAILED with the first one's reason where one has not. */
export async function waitForJobs(
  db: Database,
  ids: readonly string[],
  onDone: (jobs: number) => void,
): Promise<void> {
  for (;;) {
    const [{ succeeded, failure }] = await db.query<{ succeeded: number; failure: string | null }>(
      sql`select count(*) filter (where state = 'SUCCEEDED')::int4 as succeeded,
            min(kind || ' job ' || id || ': ' || coalesce(error, state::text))
              filter (where state in ('FAILED', 'CANCELLED')) as failure
          from job where id = any(${ids}::uuid[])`,
    )
    if (failure !== null) throw new AtlasError('JOB_FAILED', `A job did not succeed. ${failure}`)
    onDone(succeeded)
    if (succeeded === ids.length) return
    await sleep(POLL_MS)
  }
}
