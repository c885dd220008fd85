import { open, stat } from 'node:fs/promises'
import { AtlasError } from '../../../compute/errors.ts'

/** At most this much of the log's end is read. */
const TAIL_BYTES = 16_384
const TAIL_LINES = 12

/** POSTGRES_FAILED: the embedded Postgres cannot be set up, started or stopped. */
export function postgresFailed(message: string, cause?: unknown): AtlasError {
  return new AtlasError('POSTGRES_FAILED', message, { cause })
}

/** Size of the log in bytes; 0 before there is one. */
export async function logSize(logFile: string): Promise<number> {
  const found = await stat(logFile).catch(() => undefined)
  return found?.size ?? 0
}

/** The last lines that were logged after byte `since`. */
export async function logTail(logFile: string, since: number): Promise<string> {
  const size = await logSize(logFile)
  const start = Math.max(since, size - TAIL_BYTES)
  if (size <= start) return ''
  await using file = await open(logFile)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
  return buffer.subarray(0, bytesRead).toString().trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
}

/** POSTGRES_FAILED: what went wrong, and the last lines that were logged after byte `since`. */
export async function failedWithLog(what: string, logFile: string, since: number): Promise<AtlasError> {
  const tail = await logTail(logFile, since)
  return postgresFailed(
    `${what} ${tail === '' ? 'It logged nothing.' : `Its log (${logFile}) ends:\n${tail}`}`,
  )
}
