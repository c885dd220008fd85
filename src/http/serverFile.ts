import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * ATLAS_HOME/server.json tells other commands that a server runs here, and where; `key` lets those of the same account in
 * where keys are needed.
 */
const schema = z.object({ pid: z.int(), url: z.url(), key: z.string() })
export type RunningServer = z.infer<typeof schema>

const pathIn = (home: string) => join(home, 'server.json')

export async function writeServerFile(home: string, server: RunningServer): Promise<void> {
  await mkdir(home, { recursive: true })
  // An older file would keep the mode that it has.
  await rm(pathIn(home), { force: true })
  await writeFile(pathIn(home), JSON.stringify(server), { mode: 0o600 })
}

export async function removeServerFile(home: string): Promise<void> {
  await rm(pathIn(home), { force: true })
}

/** The server of this ATLAS_HOME if it is alive; a file that a killed server left behind does not count. */
export async function findServer(home: string): Promise<RunningServer | null> {
  const text = await readFile(pathIn(home), 'utf8').catch(() => null)
  if (text === null) return null
  const server = schema.safeParse(JSON.parse(text)).data
  if (!server) return null
  // The pid may belong to something else by now: the server must answer as well.
  const health = await fetch(new URL('/health', server.url), { signal: AbortSignal.timeout(2_000) }).catch(
    () => null,
  )
  return health?.ok ? server : null
}
