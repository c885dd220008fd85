/** The servers that are measured: each a process of its own, all on one Node, over one Postgres. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { packageRoot } from '../../src/packageRoot.ts'
import { onServersCore } from './cores.ts'

const folder = join(packageRoot, 'bench')

/** PostGraphile needs this Node or a newer one. */
const NODE_MAJOR = 22

const serverNames = ['atlas', 'postgraphile', 'mercurius'] as const
export type ServerName = (typeof serverNames)[number]

/** What starts a server, behind `node`. */
const commands: Record<ServerName, string[]> = {
  atlas: [join(packageRoot, 'dist', 'src', 'cli', 'main.js'), 'serve', '--no-worker', '--sample', 'none'],
  postgraphile: [join(folder, 'serve', 'peers', 'postgraphile.mjs')],
  mercurius: [join(folder, 'serve', 'peers', 'mercurius.mjs')],
}

const usageSchema = z.object({ cpuMs: z.number(), statements: z.number() })
/** What a server has used since it was started. */
export type Usage = z.infer<typeof usageSchema>

export interface Server {
  name: ServerName
  /** With its version. */
  title: string
  url: string
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** Throws, saying what to run, where the peers are not installed. */
export function checkInstalled(): void {
  const missing = ['postgraphile', 'mercurius'].some(
    (name) => !existsSync(join(folder, 'node_modules', name)),
  )
  if (missing) throw new Error('The other servers are not installed: run `npm ci --prefix bench` first.')
}

/** The Node that runs the servers: this one where it is new enough, else that of bench/package.json. */
function nodeForServers(): string {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath
  const path = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(path)) return path
  throw new Error(
    `PostGraphile needs Node ${NODE_MAJOR} or newer, and bench/node_modules has none for this machine: run the benchmark with such a Node.`,
  )
}

/** Starts all servers; they wait for requests side by side. */
export async function startServers(databaseUrl: string, home: string): Promise<Server[]> {
  const servers: Server[] = []
  try {
    for (const name of serverNames) servers.push(await startServer(name, databaseUrl, home))
    return servers
  } catch (error) {
    for (const server of servers) await server.stop()
    throw error
  }
}

/** Starts one of them on the servers' core. */
export async function startServer(name: ServerName, databaseUrl: string, home: string): Promise<Server> {
  const port = await freePort()
  const node = ['--import', join(folder, 'serve', 'preload.mjs'), ...commands[name]]
  const [command, args] = onServersCore(nodeForServers(), node)
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      HOST: '127.0.0.1',
      ATLAS_HOME: home,
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
    },
  })
  const server = {
    name,
    title: await titleOf(name),
    url: `http://127.0.0.1:${port}/graphql`,
    usage: () => usageOf(child),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
  try {
    await untilAnswering(server.url, child)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function titleOf(name: ServerName): Promise<string> {
  if (name === 'atlas') return 'this server'
  const file = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(file))
  return `${name} ${version}`
}

/** The version of the servers' Node. */
export async function nodeVersion(): Promise<string> {
  const child = spawn(nodeForServers(), ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = await child.stdout.toArray()
  return Buffer.concat(chunks).toString().trim()
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  const answered = once(child, 'message')
  child.send('usage')
  const [usage]: unknown[] = await answered
  return usageSchema.parse(usage)
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`A server ended with exit code ${child.exitCode}: ${url}`)
    try {
      if ((await ask(url, JSON.stringify({ query: '{ __typename }' }))).includes('"Query"')) return
    } catch {
      // not listening yet
    }
    await sleep(100)
  }
  throw new Error(`A server did not answer within 30 seconds: ${url}`)
}

/** The text of an answer. */
export async function ask(url: string, body: string): Promise<string> {
  // Not packed: the peers do not.
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
  }
  const response = await fetch(url, { method: 'POST', headers, body })
  return response.text()
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening))
  const address = probe.address()
  await new Promise((closed) => probe.close(closed))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}
