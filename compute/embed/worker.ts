/** The tasks of an embedding, as worker threads find them by name. */
import { threadTask } from '../workerPool.ts'
import * as drawn from './drawRows.ts'

export const drawRows = threadTask(drawn.drawRows)
