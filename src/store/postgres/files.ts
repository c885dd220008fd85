import { randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'

/** Whether `error` is of the operating system or of Postgres and has one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  )
}

/** A file's content; undefined where there is none. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

/**
 * Content of `file`, which gets `content` where it does not exist. Of processes that do this at once, all get
 * what the first one wrote; nobody ever sees a part of it.
 */
export async function writeOnce(file: string, content: string): Promise<string> {
  const present = await readIfPresent(file)
  if (present !== undefined) return present
  const temporary = `${file}.${randomUUID()}`
  await writeFile(temporary, content, { mode: 0o600, flag: 'wx' })
  try {
    await link(temporary, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(temporary)
  }
  return readFile(file, 'utf8')
}

/** The database password kept in `file`, chosen at random the first time. 192 bits, hexadecimal. */
export function ensurePassword(file: string): Promise<string> {
  return writeOnce(file, randomBytes(24).toString('hex'))
}
