import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Account, may } from './account.ts'
import { postgresFailed } from './failure.ts'
import { readIfPresent, writeOnce } from './files.ts'

/** Where the files of one embedded Postgres are. */
export interface Location {
  /** The folder that the password, the log and the pointer are in: ATLAS_HOME. */
  home: string
  /** The data directory as asked for. */
  wanted: string
  passwordFile: string
  logFile: string
  /** Names the data directory where it had to be elsewhere. */
  pointerFile: string
}

/** Names the files that go with `dataDir`, whose parent must exist. Links are resolved: one data directory has one name. */
export async function locate(dataDir: string): Promise<Location> {
  const home = await realpath(path.dirname(path.resolve(dataDir)))
  const wanted = path.join(home, path.basename(dataDir))
  return {
    home,
    wanted,
    passwordFile: `${wanted}.password`,
    logFile: `${wanted}.log`,
    pointerFile: `${wanted}.location`,
  }
}

/** The data directory, undefined before the first start. */
export async function existingData(location: Location): Promise<string | undefined> {
  const moved = await readIfPresent(location.pointerFile)
  const candidate = moved ?? location.wanted
  const version = await readIfPresent(path.join(candidate, 'PG_VERSION'))
  return version === undefined ? undefined : candidate
}

/** Whether `account` can own and reach a folder inside `parent`: some file systems allow no change of owner. */
async function canHold(parent: string, account: Account): Promise<boolean> {
  const probe = await mkdtemp(path.join(parent, '.probe-'))
  try {
    await chown(probe, account.uid, account.gid)
    return await may(account, 'w', probe)
  } catch {
    return false
  } finally {
    await rm(probe, { recursive: true })
  }
}

/**
 * A folder of root's that `account` can reach whatever the modes of the project's folders:
 * /var/lib/polytope-atlas, or one in the folder for temporary files where that cannot be made.
 */
export async function sharedDirectory(account: Account): Promise<string> {
  for (const parent of ['/var/lib', tmpdir()]) {
    const directory = path.join(parent, 'polytope-atlas')
    try {
      await mkdir(directory, { recursive: true })
      const { uid, mode } = await lstat(directory)
      // Anyone can make a folder of this name among the temporary files, and programs are run from it.
      if (uid !== 0 || (mode & 0o170000) !== 0o040000) continue
      await chmod(directory, 0o755)
      if (await canHold(directory, account)) return directory
    } catch {
      continue
    }
  }
  throw postgresFailed(
    `Postgres does not run as root, and the account that runs it instead can reach neither /var/lib nor ` +
      `${tmpdir()}. Start the atlas as an ordinary user, or set DATABASE_URL.`,
  )
}

/**
 * Decides where a new data directory goes: where it was asked for, or, where `account` could not reach it
 * (root's home and `mktemp -d` are closed to others), in a shared directory, with a pointer file.
 */
export async function chooseData(
  location: Location,
  account: Account | undefined,
  onLog: (line: string) => void,
): Promise<string> {
  const moved = await readIfPresent(location.pointerFile)
  if (moved !== undefined) return moved
  if (account === undefined || (await canHold(location.home, account))) return location.wanted
  const name = `data-${randomBytes(8).toString('hex')}`
  const chosen = await writeOnce(location.pointerFile, path.join(await sharedDirectory(account), name))
  onLog(
    `Postgres does not run as root, and the account that runs it cannot reach ${location.home}: ` +
      `the database is kept in ${chosen} (${location.pointerFile} says so).`,
  )
  return chosen
}
