import { subscribe, parse, type ExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestNeighbors } from '#atlas/src/jobs/commands/requestNeighbors.js'
import { cancelJob } from '#atlas/src/jobs/commands/cancelJob.js'
import { sql } from '#atlas/src/store/database.js'
import { markProgress, markRunning } from '#atlas/src/store/jobs.js'
import { runJobs, schema, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0@points'] })

const SOURCE = 'subscription ($id: ID!) { jobProgress(id: $id) { id kind state done total } }'
const event = z.object({
  data: z.object({
    jobProgress: z.object({ state: z.string(), done: z.number(), total: z.number().nullable() }),
  }),
})
const toId = (job: string) => Buffer.from(`Job:${job}`).toString('base64url')

async function follow(
  job: string,
  contexts = atlas.contexts,
): Promise<AsyncGenerator<ExecutionResult, void, void>> {
  const result = await subscribe({
    schema,
    document: parse(SOURCE),
    variableValues: { id: toId(job) },
    contextValue: contexts.create(),
  })
  if (Symbol.asyncIterator in result) return result
  throw new AggregateError(result.errors ?? [], String(result.errors))
}

async function nextState(stream: AsyncGenerator<ExecutionResult, void, void>): Promise<string> {
  const { value } = await stream.next()
  return event.parse(value).data.jobProgress.state
}

const newJob = () => requestNeighbors(atlas.db, 1, 2)
const countEvents = () => atlas.contexts.create().jobEvents.jobCount

describe('the progress of a job', () => {
  it('tells where it stands, then each move, and ends with the job', async () => {
    const stream = await follow(await newJob())
    const states: string[] = []
    let done = 0
    const followed = (async () => {
      for await (const value of stream) {
        const { jobProgress } = event.parse(value).data
        states.push(jobProgress.state)
        expect(jobProgress.done).toBeGreaterThanOrEqual(done)
        done = jobProgress.done
      }
    })()
    await runJobs(atlas.db)
    await followed
    expect(states.at(-1)).toBe('SUCCEEDED')
    expect(states.filter((state) => state === 'SUCCEEDED')).toHaveLength(1)
    expect(done).toBeGreaterThan(0)
    expect(countEvents()).toBe(0)
  })

  it('is one event for a job that has ended', async () => {
    const job = await newJob()
    await cancelJob(atlas.db, job)
    const stream = await follow(job)
    expect(await nextState(stream)).toBe('CANCELLED')
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(countEvents()).toBe(0)
  })

  it('reaches every subscriber, and none that left', async () => {
    const job = await newJob()
    const [a, b, gone] = await Promise.all([follow(job), follow(job), follow(job)])
    for (const stream of [a, b, gone]) expect(await nextState(stream)).toBe('QUEUED')
    const waiting = gone.next()
    await gone.return()
    expect(await waiting).toEqual({ done: true, value: undefined })
    const next = [nextState(a), nextState(b)]
    await cancelJob(atlas.db, job)
    expect(await Promise.all(next)).toEqual(['CANCELLED', 'CANCELLED'])
    expect(countEvents()).toBe(0)
  })

  it('makes one event of changes that nobody waited for', async () => {
    const job = await newJob()
    const stream = await follow(job)
    expect(await nextState(stream)).toBe('QUEUED')
    const moved = nextState(stream)
    await markRunning(atlas.db, job)
    expect(await moved).toBe('RUNNING')
    for (let done = 1; done <= 20; done++) await markProgress(atlas.db, job, done, 20)
    await cancelled(job)
    let events = 0
    for await (const value of stream) {
      events++
      expect(event.parse(value).data.jobProgress).toBeDefined()
    }
    expect(events).toBeLessThanOrEqual(2)
  })

  it('goes on when the listening connection is lost', async () => {
    const job = await newJob()
    const stream = await follow(job)
    expect(await nextState(stream)).toBe('QUEUED')
    const terminated = await atlas.db.query(
      sql`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'polytope-atlas-events' and datname = current_database()`,
    )
    expect(terminated).toHaveLength(1)
    await cancelJob(atlas.db, job)
    let last = ''
    for await (const value of stream) last = event.parse(value).data.jobProgress.state
    expect(last).toBe('CANCELLED')
  })

  it('is refused for what is no job', async () => {
    const errorOf = async (id: string) => {
      const contextValue = atlas.contexts.create()
      const result = await subscribe({
        schema,
        document: parse(SOURCE),
        variableValues: { id },
        contextValue,
      })
      return 'errors' in result ? String(result.errors?.[0].message) : 'no error'
    }
    expect(await errorOf(toId('00000000-0000-7000-8000-000000000000'))).toMatch(/There is no job with the id/)
    expect(await errorOf('x')).toMatch(/is no id of this atlas/)
  })

  it('ends when the server does', async () => {
    const stream = await follow(await newJob())
    expect(await nextState(stream)).toBe('QUEUED')
    const waiting = stream.next()
    await atlas.contexts.close()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })
})

/** Ends a running job as a worker does that was told to stop. */
async function cancelled(job: string): Promise<void> {
  await cancelJob(atlas.db, job)
  await atlas.db.query(
    sql`update job set state = 'CANCELLED' where id = ${job}::uuid returning pg_notify('atlas_job', id::text)`,
  )
}
