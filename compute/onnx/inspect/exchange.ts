import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { AtlasError } from '../../errors.ts'
import { crashed, outgrown, outOfTime } from './failures.ts'
import { OUTGROWN, type Answer, type Inspection } from './protocol.ts'

/** An ONNX file that is read piece by piece. */
export interface NetworkFile {
  readonly byteCount: number
  /** Its bytes from the beginning; asked for anew where a process has to be replaced. */
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** What one inspection may take. */
export interface InspectionLimits {
  /** From when the process has been sent the whole file. */
  readonly milliseconds: number
  /** Resident bytes of the process. */
  readonly memory: number
}

/**
 * Sends a file to the process and waits for its answer. Where this throws, the process must be ended: it may be at work
 * still, or gone.
 * @throws AtlasError NETWORK_TIMED_OUT, NETWORK_CRASHED, TOO_LARGE (its memory), TRUNCATED_FILE; the signal's reason
 */
export async function exchange(
  child: ChildProcess,
  file: NetworkFile,
  limits: InspectionLimits,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  signal?.throwIfAborted()
  const over = new AbortController()
  const until = { signal: over.signal }
  const answered = async (): Promise<Answer> => {
    const [answer]: Answer[] = await once(child, 'message', until)
    return answer
  }
  const ended = async (): Promise<never> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit', until)
    const { exitCode, signalCode } = child
    throw signalCode === OUTGROWN ? outgrown(limits.memory) : crashed(signalCode ?? `exit code ${exitCode}`)
  }
  const late = async (): Promise<never> => {
    await feed(child, file, over.signal)
    await sleep(limits.milliseconds, undefined, until)
    throw outOfTime(limits.milliseconds)
  }
  const aborted = async (by: AbortSignal): Promise<never> => {
    await once(by, 'abort', until)
    throw by.reason
  }
  const inspection: Inspection = { byteCount: file.byteCount, memoryLimit: limits.memory }
  try {
    // Whether it could be sent, its end tells.
    child.send(inspection, () => undefined)
    return await Promise.race([answered(), ended(), late(), ...(signal ? [aborted(signal)] : [])])
  } finally {
    over.abort()
  }
}

/** Writes a file to the process's stdin, no faster than it reads. */
async function feed({ stdin }: ChildProcess, file: NetworkFile, signal: AbortSignal): Promise<void> {
  let sent = 0
  for await (const piece of file.pieces()) {
    signal.throwIfAborted()
    sent += piece.length
    if (stdin?.write(piece) !== false) continue
    await once(stdin, 'drain', { signal }).catch((error: unknown) => {
      // A process that has ended reads no more: its end says why.
      if (!stdin.destroyed) throw error
    })
  }
  if (sent === file.byteCount) return
  throw new AtlasError(
    'TRUNCATED_FILE',
    `The file ended after ${sent} of ${file.byteCount} bytes: it was removed while it was read. Upload it again.`,
  )
}
