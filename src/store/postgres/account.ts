import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { postgresFailed } from './failure.ts'

/** A user of the operating system, under which Postgres runs where this process is root's. */
export interface Account {
  uid: number
  gid: number
}

/** Accounts that may run Postgres for root, best first. The second is macOS'. */
const CANDIDATES = ['postgres', '_postgres', 'nobody']

/**
 * Under which account Postgres is to run: undefined for the one of this process. Postgres refuses to run as
 * root, so root lends it the owner of the data where there is data already, else an unprivileged account of
 * the system. Throws POSTGRES_FAILED where there is none.
 */
export async function chooseAccount(dataDir: string | undefined): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = dataDir === undefined ? undefined : await stat(dataDir)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const candidate of CANDIDATES) {
    const line = lines.find(([name]) => name === candidate)
    if (line !== undefined) return { uid: Number(line[2]), gid: Number(line[3]) }
  }
  throw postgresFailed(
    `Postgres does not run as root, and this system has no account "postgres" or "nobody" to run it as. ` +
      `Start the atlas as an ordinary user, or set DATABASE_URL.`,
  )
}

/** How a program ended: its status (null where it could not be started) and what it wrote to both outputs. */
export interface Outcome {
  status: number | null
  output: string
}

/** What a Postgres program needs of the environment; variables such as PGDATA must not reach it. */
export const PROGRAM_ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' }

/** Runs a program to its end as `account`. */
export function runAs(account: Account | undefined, program: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    // The working directory of this process may be one that the account cannot enter.
    const child = spawn(program, args, {
      ...account,
      cwd: '/',
      env: PROGRAM_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer) => (output += chunk.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => {
      resolve({ status: null, output: error.message })
    })
    child.on('close', (status) => {
      resolve({ status, output })
    })
  })
}

/** Whether `account` may do `what` with `file`: x to enter or run it, w to write it. The system says. */
export async function may(account: Account | undefined, what: 'x' | 'w', file: string): Promise<boolean> {
  const { status } = await runAs(account, '/bin/sh', ['-c', `test -${what} "$1"`, 'sh', file])
  return status === 0
}
