import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { atlas, graphql, type ResultOf } from '../lib/atlas.ts'
import { count, duration } from '../lib/format.ts'
import { Problem } from './panel.tsx'

/** What is shown of a job. */
export const JobFields = graphql(`
  fragment JobState on Job {
    id
    kind
    state
    done
    total
    rate
    secondsLeft
    error
    createdAt
    startedAt
    finishedAt
  }
`)

export type JobState = ResultOf<typeof JobFields>

const Progress = graphql(
  `
    subscription JobProgress($id: ID!) {
      jobProgress(id: $id) {
        ...JobState
      }
    }
  `,
  [JobFields],
)

const Cancel = graphql(`
  mutation CancelJob($id: ID!) {
    cancelJob(id: $id) {
      job {
        id
      }
    }
  }
`)

export const isOver = ({ state }: JobState) => state !== 'QUEUED' && state !== 'RUNNING'

/** The job as it moves, from the subscription; asks for nothing where it is over. */
function useJob(job: JobState, onOver?: (job: JobState) => void): JobState {
  const [moved, setMoved] = useState<JobState | null>(null)
  const ended = useRef(onOver)
  useEffect(() => {
    ended.current = onOver
  })
  const { id } = job
  const over = isOver(job)
  useEffect(() => {
    if (over) return
    const states = atlas.subscribe(Progress, { id })
    const follow = async () => {
      for await (const { jobProgress } of states) {
        setMoved(jobProgress)
        if (isOver(jobProgress)) ended.current?.(jobProgress)
      }
    }
    // A stream that breaks leaves the last state: lists of jobs are asked for again by themselves.
    follow().catch(() => undefined)
    return () => void states.return(undefined)
  }, [id, over])
  return !over && moved?.id === id ? moved : job
}

/** How far a job is: a bar while it runs, its end afterwards. */
export function JobBar({ job: given, onOver }: { job: JobState; onOver?: (job: JobState) => void }) {
  const job = useJob(given, onOver)
  const cancel = useMutation({ mutationFn: () => atlas.query(Cancel, { id: job.id }) })
  if (isOver(job)) return <JobEnd job={job} />
  const share = job.total ? job.done / job.total : 0
  return (
    <div className="row" aria-live="polite">
      <div
        className="bar"
        role="progressbar"
        aria-label={job.kind}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * share)}
      >
        <span className="moving" style={{ width: `${100 * share}%` }} />
      </div>
      <span className="muted">
        {job.state === 'QUEUED'
          ? 'waiting for a worker'
          : `${count(job.done)}${job.total ? ` of ${count(job.total)}` : ''}`}
        {job.secondsLeft != null && `, ${duration(job.secondsLeft)} left`}
      </span>
      <button type="button" className="plain" onClick={() => cancel.mutate()} disabled={cancel.isPending}>
        cancel
      </button>
    </div>
  )
}

function JobEnd({ job }: { job: JobState }) {
  if (job.state === 'FAILED') return <span className="bad">failed: {job.error}</span>
  if (job.state === 'CANCELLED') return <span className="muted">cancelled</span>
  const seconds =
    job.startedAt && job.finishedAt ? (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000 : null
  return <span>done{seconds !== null && <span className="muted"> in {duration(seconds)}</span>}</span>
}

interface JobButtonProps {
  /** What the button says. */
  children: ReactNode
  /** Asks for the work, and answers its job; null where the work was done before. */
  ask: () => Promise<JobState | null>
}

/** A button that starts a job, then its bar; when the job is over, all that is shown is asked for anew. */
export function JobButton({ children, ask }: JobButtonProps) {
  const queries = useQueryClient()
  const renew = () => void queries.invalidateQueries()
  const start = useMutation({ mutationFn: ask, onSuccess: (job) => job ?? renew() })
  if (start.data) return <JobBar job={start.data} onOver={renew} />
  return (
    <>
      <button type="button" onClick={() => start.mutate()} disabled={start.isPending}>
        {children}
      </button>
      {start.error && <Problem error={start.error} />}
    </>
  )
}
