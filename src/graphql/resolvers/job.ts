import type { JobRow } from '../../store/models.ts'
import type { JobResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'

/** A job, without what only its log may tell. */
export const jobResolvers: JobResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Job, [id]),
  secondsLeft,
  // What an unexpected error was is for the log of the worker, not for clients.
  error: ({ id, error, errorCode }) =>
    errorCode === 'INTERNAL'
      ? `The job failed for a reason that is no fault of its input; the log of the worker that ran it (${id}) tells more.`
      : error,
}

/** At the present rate; null where that is unknown or zero, and when nothing is left. */
function secondsLeft({ state, done, total, rate }: JobRow): number | null {
  if (state !== 'RUNNING' || total === null || rate === null || rate <= 0) return null
  return Math.max(0, total - done) / rate
}
