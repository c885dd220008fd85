/** The task of the thread that inspects networks. */
import { threadTask } from '../workerPool.ts'
import { inspectNetwork } from './network.ts'

export const inspect = threadTask(inspectNetwork)
