import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runAs } from '#atlas/src/store/postgres/account.js'
import { findPostgres, startPostgres } from '#atlas/src/store/postgres/index.js'
import { readPostmaster } from '#atlas/src/store/postgres/postmaster.js'
import { withClient } from '../support/database.ts'
import { hold, killHard, makeHome, realData, removeHome, spawnHolder } from './support.ts'

let home: string
let dataDir: string

beforeEach(async () => {
  home = await makeHome()
  dataDir = path.join(home, 'postgres')
})
afterEach(() => removeHome(home, dataDir))

async function serverPid(): Promise<number> {
  const postmaster = await readPostmaster(await realData(dataDir))
  if (postmaster === undefined) throw new Error('No server runs.')
  return postmaster.pid
}

async function value(url: string, statement: string): Promise<unknown> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<unknown[]>({ text: statement, rowMode: 'array' })
    return rows[0][0]
  })
}

/** Kills the server without a chance to write anything, and waits for its end. */
async function killServer(): Promise<void> {
  const pid = await serverPid()
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => findPostgres(dataDir)).toBeNull()
}

describe('the first start', () => {
  test('makes a database that only its password opens, and finds it afterwards', async () => {
    expect(await findPostgres(dataDir)).toBeNull()
    expect(await findPostgres(path.join(home, 'no', 'such', 'folder'))).toBeNull()
    const postgres = await startPostgres({ dataDir })
    expect(postgres.started).toBe(true)
    expect(await findPostgres(dataDir)).toBe(postgres.url)
    const { username, hostname, pathname, password } = new URL(postgres.url)
    expect([username, hostname, pathname]).toEqual(['atlas', '127.0.0.1', '/atlas'])
    expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600)
    expect(await readFile(`${dataDir}.password`, 'utf8')).toBe(password)
    const wrong = postgres.url.replace(password, 'x'.repeat(48))
    await expect(value(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
    expect(await value(postgres.url, 'SHOW server_encoding')).toBe('UTF8')
    expect(await value(postgres.url, `SELECT upper('é') || ('Z' < 'a')`)).toBe('Étrue')
    expect(await value(postgres.url, 'SHOW unix_socket_directories')).toBe('')
    expect(await value(postgres.url, 'SHOW listen_addresses')).toBe('127.0.0.1')
    await postgres.stop()
    await postgres.stop()
    expect(await findPostgres(dataDir)).toBeNull()
  })

  test('leaves out what a start that was killed left half-made', async () => {
    const killed = spawnHolder(dataDir)
    // The data directory is made under another name, beside where it is to be.
    const half = async () => {
      const data = await realData(dataDir)
      return (await readdir(path.dirname(data))).filter((name) =>
        name.startsWith(`${path.basename(data)}.init-`),
      )
    }
    await expect.poll(half, { interval: 5 }).toHaveLength(1)
    await killHard(killed)
    const postgres = await startPostgres({ dataDir })
    expect(postgres.started).toBe(true)
    expect(await half()).toEqual([])
    await postgres.stop()
  })

  test('is done by one of several processes, and the others attach', async () => {
    const holders = await Promise.all([1, 2, 3].map(() => hold(dataDir)))
    expect(holders.filter((holder) => holder.started)).toHaveLength(1)
    expect(new Set(holders.map((holder) => holder.url)).size).toBe(1)
    // They leave at the same time: the last one turns off the light, whichever that is.
    const words = await Promise.all(holders.map((holder) => holder.stop()))
    expect(words).toEqual(['stopped', 'stopped', 'stopped'])
    expect(await findPostgres(dataDir)).toBeNull()
  })
})

describe('stopping', () => {
  test('leaves the server to another process that uses it', async () => {
    const other = await hold(dataDir)
    const postgres = await startPostgres({ dataDir })
    expect([postgres.started, postgres.url]).toEqual([false, other.url])
    await postgres.stop()
    expect(await findPostgres(dataDir)).toBe(other.url)
    await other.stop()
    expect(await findPostgres(dataDir)).toBeNull()
  })

  test('leaves the server to a client that no handle stands for', async () => {
    const postgres = await startPostgres({ dataDir })
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await postgres.stop()
    expect((await client.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.end()
    const again = await startPostgres({ dataDir })
    expect(again.started).toBe(false)
    await again.stop()
    expect(await findPostgres(dataDir)).toBeNull()
  })

  test('a start at the same moment ends with a server that runs', async () => {
    let postgres = await startPostgres({ dataDir })
    for (let round = 0; round < 5; round++) {
      const [next] = await Promise.all([startPostgres({ dataDir }), postgres.stop()])
      expect(await value(next.url, 'SELECT 1')).toBe(1)
      postgres = next
    }
    await postgres.stop()
  })
})

describe('kill -9', () => {
  test('of the starter leaves the server, to which the next start attaches', async () => {
    const starter = await hold(dataDir)
    const pid = await serverPid()
    await killHard(starter.process)
    const postgres = await startPostgres({ dataDir })
    expect([postgres.started, postgres.url]).toEqual([false, starter.url])
    expect(await serverPid()).toBe(pid)
    await postgres.stop()
    expect(await findPostgres(dataDir)).toBeNull()
  })

  test('of everything loses nothing that was committed', async () => {
    const starter = await hold(dataDir)
    await withClient(starter.url, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS value'))
    await killHard(starter.process)
    await killServer()
    const postgres = await startPostgres({ dataDir })
    expect(postgres.started).toBe(true)
    expect(await value(postgres.url, 'SELECT value FROM kept')).toBe(42)
    await postgres.stop()
  })

  test('of the server is mended by a handle on it, under the same address', async () => {
    const said: string[] = []
    const postgres = await startPostgres({ dataDir, onLog: (line) => said.push(line) })
    await withClient(postgres.url, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS value'))
    await killServer()
    await expect.poll(() => value(postgres.url, 'SELECT value FROM kept').catch(() => null)).toBe(42)
    await expect.poll(() => said).toContain('Postgres is there again.')
    await postgres.stop()
    expect(await findPostgres(dataDir)).toBeNull()
  })

  test('of the server is survived by a handle that is given back at once', async () => {
    const postgres = await startPostgres({ dataDir })
    await killServer()
    await postgres.stop()
    expect(await findPostgres(dataDir)).toBeNull()
  })

  test('and the reuse of its process id by another program do not prevent the next start', async () => {
    const starter = await hold(dataDir)
    const data = await realData(dataDir)
    await killHard(starter.process)
    await killServer()
    const { uid, gid } = await stat(data)
    const other = spawn('sleep', ['600'], process.getuid?.() === 0 ? { uid, gid } : {})
    await once(other, 'spawn')
    const pidFile = path.join(data, 'postmaster.pid')
    await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, String(other.pid)))
    const postgres = await startPostgres({ dataDir })
    expect(postgres.started).toBe(true)
    await postgres.stop()
    other.kill()
  })
})

const NOBODY = { uid: 65534, gid: 65534 }
const HOLDER = path.join(import.meta.dirname, 'holder.mjs')
// Root can be anyone; others cannot. The account must be able to read the project.
const canBeNobody =
  process.getuid?.() === 0 && (await runAs(NOBODY, process.execPath, ['--check', HOLDER])).status === 0

describe.runIf(canBeNobody)('run by an ordinary user', () => {
  test('Postgres has the data where they were asked for, and root runs it as that user', async () => {
    await chown(home, NOBODY.uid, NOBODY.gid)
    const user = await hold(dataDir, NOBODY)
    expect(user.started).toBe(true)
    expect(await readFile(path.join(dataDir, 'PG_VERSION'), 'utf8')).toBe('18\n')
    const root = await startPostgres({ dataDir })
    expect([root.started, root.url]).toEqual([false, user.url])
    await user.stop()
    await root.stop()
    await chmod(home, 0o711)
    const again = await startPostgres({ dataDir })
    expect(again.started).toBe(true)
    expect((await stat(path.join(dataDir, 'postmaster.pid'))).uid).toBe(NOBODY.uid)
    await again.stop()
  })

  test('Postgres of another user is refused with a reason', async () => {
    await (await startPostgres({ dataDir })).stop()
    await chmod(home, 0o777)
    const child = spawnHolder(dataDir, NOBODY)
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await once(child, 'close')
    expect(output).toMatch(/POSTGRES_FAILED/)
    expect(output).toMatch(/belong to another user/)
  })
})

describe('failures say what is wrong', () => {
  test('data of another version: with the end of the log', async () => {
    await (await startPostgres({ dataDir })).stop()
    await writeFile(path.join(await realData(dataDir), 'PG_VERSION'), '17\n')
    await expect(startPostgres({ dataDir })).rejects.toMatchObject({
      code: 'POSTGRES_FAILED',
      message: expect.stringMatching(/postgres\.log[^]*initialized by PostgreSQL version 17/),
    })
  })

  test('a folder with something else in it', async () => {
    await mkdir(dataDir)
    await writeFile(path.join(dataDir, 'note.txt'), 'mine')
    // Else root's data would go elsewhere.
    await chmod(home, 0o711)
    await expect(startPostgres({ dataDir })).rejects.toMatchObject({ code: 'POSTGRES_FAILED' })
    expect(await readFile(path.join(dataDir, 'note.txt'), 'utf8')).toBe('mine')
  })

  test('a lost password', async () => {
    await (await startPostgres({ dataDir })).stop()
    await writeFile(`${dataDir}.password`, 'other')
    await expect(startPostgres({ dataDir })).rejects.toMatchObject({
      code: 'POSTGRES_FAILED',
      message: expect.stringContaining('password'),
    })
  })
})
