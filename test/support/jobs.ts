import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '#atlas/src/store/database.js'

/** Waits for a job's final row, however it ended. */
export async function finalJob(db: Database, id: string) {
  for (;;) {
    const job = await db.prisma.job.findUniqueOrThrow({ where: { id } })
    if (job.state !== 'QUEUED' && job.state !== 'RUNNING') return job
    await sleep(20)
  }
}

/** Waits for a job that must succeed. */
export async function succeeded(db: Database, id: string | null): Promise<void> {
  if (id === null) return
  const job = await finalJob(db, id)
  if (job.state !== 'SUCCEEDED') throw new Error(`job ${job.kind} is ${job.state}: ${job.error}`)
}
