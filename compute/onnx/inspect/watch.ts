/** The thread that watches over the process which inspects networks: it runs while native code holds the main thread. */
import { workerData } from 'node:worker_threads'
import { OUTGROWN } from './protocol.ts'

/** 50 ms are long enough for a few hundred megabytes more, not for the machine's memory. */
const EVERY_MS = 50

const limit: Float64Array = workerData
const parent = process.ppid

setInterval(() => {
  // The parent is gone, however it ended: nobody waits for an answer.
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  if (process.memoryUsage.rss() > limit[0]) process.kill(process.pid, OUTGROWN)
}, EVERY_MS)
