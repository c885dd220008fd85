// A whole atlas in processes of its own, as `npm start` runs it, to be killed.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { killProcess } from '../support/workerProcess.ts'

/** What can be killed. */
export const VICTIMS = ['server', 'worker', 'postgres', 'backend'] as const
export type Victim = (typeof VICTIMS)[number]

export class AtlasProcesses {
  readonly #home: string
  #server: ChildProcess | undefined
  #url = ''
  readonly lines: string[] = []

  constructor(home: string) {
    this.#home = home
  }

  /** The API of the server that runs, or ran last. */
  get url(): string {
    return this.#url
  }

  /** Starts what does not run; resolves when the server answers. */
  async start(): Promise<void> {
    if (this.#server && this.#server.exitCode === null && this.#server.signalCode === null) return
    const server = spawn(process.execPath, ['dist/src/cli/main.js', 'serve', '--sample', 'none'], {
      env: {
        ...process.env,
        ATLAS_HOME: this.#home,
        DATABASE_URL: '',
        // The same address after every start, once there is one.
        PORT: this.#url === '' ? '0' : new URL(this.#url).port,
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#server = server
    const lines = createInterface({ input: server.stderr })
    this.#url = await new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        this.lines.push(line)
        const [, url] = /the API at ([^\s)]+)/.exec(line) ?? []
        if (url !== undefined) resolve(url)
      })
      server.once('exit', () => reject(new Error(`The server ended:\n${this.lines.slice(-20).join('\n')}`)))
    })
  }

  /** Kills one process with SIGKILL; false where there is none at the moment. */
  async kill(victim: Victim): Promise<boolean> {
    const pid = this.#pidOf(victim)
    if (pid === undefined) return false
    if (victim === 'server' && this.#server) {
      await killProcess(this.#server, 'SIGKILL')
      return true
    }
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      return false
    }
    return true
  }

  #pidOf(victim: Victim): number | undefined {
    if (victim === 'server') return this.#server?.pid
    if (victim === 'worker')
      return childrenOf(this.#server?.pid).find((pid) => commandOf(pid).includes('workerMain'))
    const postmaster = this.#postmaster()
    if (victim === 'postgres') return postmaster
    return childrenOf(postmaster).find((pid) =>
      /postgres: atlas atlas .* (idle|INSERT|COPY|SELECT|COMMIT)/.test(commandOf(pid)),
    )
  }

  #postmaster(): number | undefined {
    const moved = join(this.#home, 'postgres.location')
    const data = existsSync(moved) ? readFileSync(moved, 'utf8').trim() : join(this.#home, 'postgres')
    const file = join(data, 'postmaster.pid')
    if (!existsSync(file)) return undefined
    const pid = Number.parseInt(readFileSync(file, 'utf8'))
    return commandOf(pid).includes(data) ? pid : undefined
  }

  /** Ends everything as Ctrl-C does. */
  async stop(): Promise<void> {
    if (!this.#server || this.#server.exitCode !== null) return
    const exited = once(this.#server, 'exit')
    this.#server.kill('SIGINT')
    const patience = sleep(30_000, undefined, { ref: false }).then(() => this.#server?.kill('SIGKILL'))
    await Promise.race([exited, patience])
  }
}

function childrenOf(pid: number | undefined): number[] {
  if (pid === undefined) return []
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number)
  } catch {
    return []
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
