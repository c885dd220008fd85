import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { runAs } from './account.ts'
import { hasCode, readIfPresent } from './files.ts'

/** The main process of a Postgres server, as it describes itself in postmaster.pid. */
export interface Postmaster {
  pid: number
  port: number
}

/** Whether a process has this id, of whichever user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/** The content of postmaster.pid: id in line 1, port in line 4. It may be left from a server that was killed. */
export async function readPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const content = await readIfPresent(path.join(dataDir, 'postmaster.pid'))
  const lines = content?.split('\n') ?? []
  const [pid, port] = [Number.parseInt(lines[0] ?? ''), Number.parseInt(lines[3] ?? '')]
  return pid > 0 && port > 0 ? { pid, port } : undefined
}

/** Command line of a process; empty where it has ended. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform !== 'linux')
    return (await runAs(undefined, 'ps', ['-o', 'command=', '-p', String(pid)])).output
  const content = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return content.replaceAll('\0', ' ')
}

/**
 * The running server of `dataDir`. An id that was given to another process since (after a restart of the
 * system, say) is told from it by the command line, which names the data directory.
 */
export async function runningPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(dataDir)
  if (postmaster === undefined || !isAlive(postmaster.pid)) return undefined
  return (await commandLine(postmaster.pid)).includes(`-D ${dataDir} `) ? postmaster : undefined
}
