import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { type Account, PROGRAM_ENVIRONMENT } from './account.ts'
import { logSize } from './failure.ts'
import type { Postmaster } from './postmaster.ts'

/** For two to eight cores and a few gigabytes; durability is left at Postgres' safe defaults. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // The path of a socket may have 107 bytes at most; data directories may be deeper.
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '256MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  random_page_cost: '1.1',
  // Compiling a query takes longer than most of ours run.
  jit: 'off',
  // The time zone of sessions: @prisma/adapter-pg reads every timestamp as UTC.
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

/** A log that has grown beyond this is begun anew at the next start. */
const LOG_LIMIT_BYTES = 10_000_000

function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        resolve(address !== null && typeof address === 'object' ? address.port : 0)
      })
    })
  })
}

/** A Postgres that was told to start. */
export interface Launch {
  port: number
  /** How it has ended: for a fault of its own, or because it was told to or killed. */
  ended(): 'fault' | 'stopped' | undefined
  /** Where its part of the log begins, in bytes. */
  logStart: number
}

/**
 * Starts a Postgres on `dataDir`, on a free port of 127.0.0.1 (where one was killed, on its port if that is still free, for
 * those who know it), in a session of its own: it outlives this
 * process and hears nothing of the terminal's Ctrl-C. Where another one serves `dataDir` already it ends at
 * once. `stale` is what a postmaster.pid says that is known to be left over; Postgres, which sees
 * only that some process has its id, takes it for one of its own ancestors and replaces the file.
 */
export async function launch(
  binaries: string,
  dataDir: string,
  logFile: string,
  account: Account | undefined,
  stale: Postmaster | undefined,
): Promise<Launch> {
  const port = await freePort(stale?.port).catch(() => freePort())
  const begin = (await logSize(logFile)) > LOG_LIMIT_BYTES
  await using log = await open(logFile, begin ? 'w' : 'a', 0o600)
  const logStart = await logSize(logFile)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(path.join(binaries, 'postgres'), ['-D', dataDir, '-p', String(port), ...settings], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: {
      ...PROGRAM_ENVIRONMENT,
      ...(stale === undefined ? {} : { PG_GRANDPARENT_PID: String(stale.pid) }),
    },
  })
  let ended: 'fault' | 'stopped' | undefined
  child.on('exit', (status, signal) => (ended = status === 0 || signal === 'SIGKILL' ? 'stopped' : 'fault'))
  child.on('error', () => (ended = 'fault'))
  child.unref()
  return { port, logStart, ended: () => ended }
}
