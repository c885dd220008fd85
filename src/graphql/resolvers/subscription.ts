import { AtlasError } from '../../../compute/errors.ts'
import { createLoaders } from '../../store/loaders.ts'
import type { JobRow, JobState } from '../../store/models.ts'
import type { Context } from '../context.ts'
import type { SubscriptionResolvers } from '../generated/types.ts'
import { idTypes, parseGlobalId } from '../globalId.ts'

const FINAL: readonly JobState[] = ['SUCCEEDED', 'FAILED', 'CANCELLED']

/** What the atlas tells by itself. */
export const subscriptionResolvers: SubscriptionResolvers = {
  jobProgress: {
    async subscribe(_root, args, context) {
      const [id] = parseGlobalId(args.id, idTypes.Job)
      if (await readJob(id, context)) return jobProgress(id, context)
      throw new AtlasError(
        'UNKNOWN_JOB',
        `There is no job with the id "${args.id}": see \`jobs\` for those there are.`,
      )
    },
  },
}

/** The job now and after each change, up to its last state. Ends at once with `return()`, also while it waits. */
function jobProgress(id: string, context: Context): AsyncIterableIterator<{ jobProgress: JobRow }> {
  const signals = context.jobEvents.subscribe(id)
  let finished = false
  const end = async () => {
    finished = true
    await signals.return?.()
    return { done: true, value: undefined } as const
  }
  return {
    async next() {
      if (finished || (await signals.next()).done) return end()
      try {
        const job = await readJob(id, context)
        if (!job) return end()
        if (FINAL.includes(job.state)) await end()
        return { done: false, value: { jobProgress: job } }
      } catch (error) {
        await end()
        throw error
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** A subscription outlives what a request's loaders remember. */
function readJob(id: string, { db }: Context): Promise<JobRow | null> {
  return createLoaders(db).job.load([id])
}
