import type { ChildProcess } from 'node:child_process'
import { AtlasError } from '../../errors.ts'
import { refuseLargeFile } from '../limits.ts'
import type { NetworkSummary } from '../summary.ts'
import { exchange, type InspectionLimits, type NetworkFile } from './exchange.ts'
import { keepProcess, startProcess, takeProcess } from './process.ts'

/** A network of 512 MiB takes six seconds, one of 256 MiB in `float_data` 19. */
const TIME_LIMIT_MS = 120_000

export interface InspectionOptions extends Partial<InspectionLimits> {
  /** Ends the inspection, and the process that is at it. A file whose turn has not come is told when it comes. */
  readonly signal?: AbortSignal
}

let last: Promise<unknown> = Promise.resolve()

/**
 * As `inspectNetwork`, in a process of its own, one file at a time: a file may make the decoder or the runtime crash, hang
 * or take all memory, and then that process alone is lost. A process that has done well is kept for the next file.
 *
 * Bounded are time and resident memory, which is looked at every 50 ms. What the process may open or write is not: its
 * code is ours and the runtime's, and no file may point to another.
 *
 * Later runs of an imported network, in workers and on threads of the server, need no such process: they decode the same
 * bytes by the same code and load them into the same runtime, which has been seen to work. The float64 parts of exact
 * geometry are new graphs, but made of operators and sizes that have passed here.
 * @throws AtlasError the codes of `inspectNetwork`, NETWORK_CRASHED, NETWORK_TIMED_OUT, TOO_LARGE, TRUNCATED_FILE; the
 *   signal's reason
 */
export function inspectNetworkApart(
  file: NetworkFile,
  options: InspectionOptions = {},
): Promise<NetworkSummary> {
  const turn = last.then(() => inspect(file, options))
  last = turn.catch(() => undefined)
  return turn
}

async function inspect(file: NetworkFile, options: InspectionOptions): Promise<NetworkSummary> {
  refuseLargeFile(file.byteCount)
  options.signal?.throwIfAborted()
  const kept = takeProcess()
  try {
    if (kept) return await inspectBy(kept, file, options)
  } catch (error) {
    // It may have died while it waited, or of an earlier file: a fresh one tells.
    if (!(error instanceof AtlasError && error.code === 'NETWORK_CRASHED')) throw error
  }
  return inspectBy(startProcess(), file, options)
}

/** Reads a file by a process, which is kept or killed afterwards. */
async function inspectBy(
  child: ChildProcess,
  file: NetworkFile,
  { signal, milliseconds = TIME_LIMIT_MS, memory = memoryLimit(file.byteCount) }: InspectionOptions,
): Promise<NetworkSummary> {
  const answer = await exchange(child, file, { milliseconds, memory }, signal).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  if (answer.spent) child.kill('SIGKILL')
  else keepProcess(child)
  if ('summary' in answer) return answer.summary
  throw 'bug' in answer ? answer.bug : new AtlasError(answer.code, answer.message)
}

/**
 * A file of raw data took 4 to 6 times its size on top of 100 MiB, one of `float_data` 12 to 13 times; the rest is for
 * what the network computes.
 */
function memoryLimit(byteCount: number): number {
  return 4 * 2 ** 30 + 14 * byteCount
}
