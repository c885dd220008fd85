import { randomBytes } from 'node:crypto'
import { styleText } from 'node:util'
import { AtlasError } from '../../compute/errors.ts'
import { openAtlas } from '../atlas.ts'
import { createLogger } from '../log.ts'
import { explainPort } from '../portInUse.ts'
import { loadSample, sampleIsMissing, type SampleSize } from '../sample/index.ts'
import type { Settings } from '../settings.ts'
import { listApiKeys } from '../store/apiKeys.ts'
import type { Database } from '../store/database.ts'
import { startTraces } from '../telemetry/traces.ts'
import { startServer, uploadsFolder } from './server.ts'
import { findServer, removeServerFile, writeServerFile } from './serverFile.ts'
import { superviseWorker } from './workerProcess.ts'

export interface ServeOptions {
  /** The sample atlas to load at the first start; `none` leaves the atlas empty. */
  sample: SampleSize | 'none'
  /** Whether to run a worker beside the server; without one, work waits for workers elsewhere. */
  worker: boolean
  /** Tells a person what happens, a line a time. */
  say(line: string): void
  /** Shows progress of the sample's loading. */
  progress(done: number, total: number, step: string): void
}

export interface RunningAtlas {
  url: string
  /** Rejects when the sample could not be loaded; the server runs on. */
  sampleLoaded: Promise<void>
  stop(): Promise<void>
}

/** Starts everything: Postgres, a worker, the server, and the sample atlas the first time. */
export async function serve(settings: Settings, options: ServeOptions): Promise<RunningAtlas> {
  const running = await findServer(settings.home)
  if (running && settings.databaseUrl === undefined)
    throw new AtlasError(
      'ALREADY_RUNNING',
      `This atlas is served at ${running.url} already (process ${running.pid}).`,
    )
  const log = createLogger(settings, 'server')
  // A statement that its request gave up is ended by closing its connection; this is for what nobody ends.
  const statementTimeoutMs = (settings.timeoutSeconds + 10) * 1000
  const atlas = await openAtlas(settings, options.say, { statementTimeoutMs })
  const closing: (() => Promise<void>)[] = [() => atlas.close()]
  const stop = async () => {
    // What was opened last is closed first.
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    await refuseWithoutKeys(atlas.db, settings)
    closing.push(await startTraces('polytope-atlas'))
    if (options.worker) closing.push(superviseWorker(atlas.url, log).stop)
    const uploads = uploadsFolder(settings.home)
    const ownKey = randomBytes(32).toString('base64url')
    const server = await startServer(atlas.db, { ...settings, uploads, ownKey }, log).catch(
      explainPort('PORT', settings.port),
    )
    closing.push(() => server.close())
    await writeServerFile(settings.home, { pid: process.pid, url: server.url, key: ownKey })
    closing.push(() => removeServerFile(settings.home))
    const { origin } = new URL(server.url)
    options.say(`Polytope Atlas is served at ${styleText('bold', origin)} (the API at ${server.url})`)
    return { url: server.url, sampleLoaded: maybeLoadSample(atlas.db, options), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Where keys are needed and none exists, nobody could ask anything. */
async function refuseWithoutKeys(db: Database, { access, host }: Settings): Promise<void> {
  if (access === 'open' || (await listApiKeys(db)).length > 0) return
  throw new AtlasError(
    'NO_KEYS',
    `The server would answer on ${host} those with a key, and there is none yet: make one with \`atlas key create NAME --scope admin\`. On 127.0.0.1, without ATLAS_ACCESS, none is needed.`,
  )
}

async function maybeLoadSample(db: Database, { sample, say, progress }: ServeOptions): Promise<void> {
  if (sample === 'none' || !(await sampleIsMissing(db, sample))) return
  say('Loading the sample atlas (once): MNIST and networks trained on it.')
  const startedAt = performance.now()
  await loadSample(db, sample, progress)
  say(`The sample atlas is complete (${Math.round((performance.now() - startedAt) / 1000)} s).`)
}
