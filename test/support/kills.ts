import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { forkWorker, killProcess } from './workerProcess.ts'

/** Work that a worker does, and what it leaves. */
export interface KilledWork<Rows> {
  /** Resolves when the work is done, by whatever worker. */
  work(): Promise<void>
  read(): Promise<Rows>
  /** Puts the database back to before the work. */
  clear(): Promise<void>
}

/** Does the work once with a worker that nobody disturbs; answers what it leaves, and the milliseconds that it took. */
export async function undisturbed<Rows>(
  databaseUrl: string,
  { work, read }: KilledWork<Rows>,
): Promise<{ rows: Rows; duration: number }> {
  const worker = forkWorker(databaseUrl)
  const begun = performance.now()
  await work()
  const duration = performance.now() - begun
  await killProcess(worker, 'SIGTERM')
  return { rows: await read(), duration }
}

/**
 * Does the work once a kill, each time killing its worker and letting another one go on: one kill in each of so many
 * parts of the work, at a random moment of it. What the work leaves must be what an undisturbed one leaves. Begins and
 * ends with a database where the work is not done.
 */
export async function expectKillsLeaveNoTrace<Rows>(
  databaseUrl: string,
  kills: number,
  expected: { rows: Rows; duration: number },
  { work, read, clear }: KilledWork<Rows>,
): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    const first = forkWorker(databaseUrl)
    const done = work()
    await sleep(((kill + Math.random()) / kills) * expected.duration)
    await killProcess(first, 'SIGKILL')
    const second = forkWorker(databaseUrl)
    await done
    await killProcess(second, 'SIGTERM')
    expect(await read(), `kill ${kill}`).toEqual(expected.rows)
    await clear()
  }
}
