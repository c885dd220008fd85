import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Account, runAs } from './account.ts'
import { postgresFailed } from './failure.ts'
import { hasCode } from './files.ts'
import { isAlive } from './postmaster.ts'

/** The Postgres superuser that everything of the atlas runs as, and the name of its database. */
export const USER = 'atlas'

/**
 * Removes what a process left that was killed while it made `dataDir`. Its initdb may live a second longer and
 * still write there, hence the retries.
 */
async function removeAbandoned(dataDir: string): Promise<void> {
  const prefix = `${path.basename(dataDir)}.init-`
  for (const name of await readdir(path.dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue
    const maker = Number.parseInt(name.slice(prefix.length))
    if (isAlive(maker)) continue
    const abandoned = path.join(path.dirname(dataDir), name)
    await rm(abandoned, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

/** Makes a rename in `directory` survive a power cut. */
async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory)
  await handle.sync()
}

/**
 * Makes a new, empty data directory with the superuser `atlas` (0.6 s). It is made under another name and
 * then renamed, so `dataDir` is whole whenever it exists. Of processes that do this at once one wins, and the
 * others discard theirs. Strings compare by code point (builtin C.UTF-8), the same on every system.
 */
export async function createCluster(
  binaries: string,
  dataDir: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  await removeAbandoned(dataDir)
  const work = `${dataDir}.init-${process.pid}-${randomBytes(4).toString('hex')}`
  const data = path.join(work, 'data')
  const passwordFile = path.join(work, 'password')
  await mkdir(work, { mode: 0o700 })
  try {
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (account !== undefined)
      for (const file of [work, passwordFile]) await chown(file, account.uid, account.gid)
    const { status, output } = await runAs(account, path.join(binaries, 'initdb'), [
      `--pgdata=${data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ])
    if (status !== 0)
      throw postgresFailed(`Postgres could not make its data directory ${dataDir}:\n${output.trim()}`)
    await rename(data, dataDir)
    await syncDirectory(path.dirname(dataDir))
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
