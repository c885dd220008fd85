import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { requestEmbedding } from '#atlas/src/jobs/commands/requestEmbedding.js'
import { createApiKey } from '#atlas/src/store/apiKeys.js'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { startWorker, type Worker } from '#atlas/src/jobs/worker.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { connect } from 'polytope-atlas/client'
import { runJobs } from '../../graphql/support/atlas.ts'
import { useDatabase } from '../../support/database.ts'
import { loadSmallSample } from '../../support/smallSample.ts'
import { launch } from './chromium.ts'

/** Images of the sample: the facets, clusters and directions of as many take some seconds. */
const IMAGES = 300

interface OpenOptions {
  mayFail?: boolean
  /** Height of the window, where not all of a page is to be in view. */
  height?: number
}

/** The explorer over a small sample atlas, in a browser. */
export interface Explorer {
  readonly origin: string
  /** The same atlas, for those with a key. */
  readonly keyed: { origin: string; key: string; reader: string }
  /** The API of the same atlas: what the pages must show. */
  readonly atlas: ReturnType<typeof connect>
  /**
   * Opens a page of the explorer, or one at another address of it. After the test it is closed, and fails the test where it asked another machine or
   * wrote an error to the console; with `mayFail` errors are expected.
   */
  open(path: string, options?: OpenOptions): Promise<Page>
}

export function useExplorer(): Explorer {
  const database = useDatabase()
  const opened: (() => Promise<void>)[] = []
  let [db, server, worker, browser, uploads]: [Database?, HttpServer?, Worker?, Browser?, string?] = []
  let keyedServer: HttpServer | undefined
  let explorer: Explorer | undefined
  const running = () => {
    if (!explorer) throw new Error('The explorer is not up yet.')
    return explorer
  }

  beforeAll(async () => {
    db = openDatabase(database.url)
    await loadSmallSample(db, IMAGES)
    const { id } = await db.prisma.partition.findFirstOrThrow({
      where: { network: { name: 'mnist-a' }, fromLayer: 0, toLayer: 2 },
    })
    await requestEmbedding(db, id, { neighbors: 15, seed: 1 })
    await runJobs(db)
    uploads = await mkdtemp(join(tmpdir(), 'atlas-web-'))
    const options = { port: 0, host: '127.0.0.1', uploads }
    server = await startServer(db, options, pino({ level: 'silent' }))
    const key = 'the-key-of-the-test'
    keyedServer = await startServer(
      db,
      { ...options, access: 'keys', ownKey: key },
      pino({ level: 'silent' }),
    )
    worker = await startWorker(database.url, () => undefined)
    browser = await launch()
    // One context for all: scripts are fetched and compiled once. Panels fetch when they come into view: all are.
    const context = await browser.newContext({ viewport: { width: 1280, height: 2000 } })
    const reader = await createApiKey(db, 'reader', 'READ')
    const keyed = { origin: new URL(keyedServer.url).origin, key, reader }
    explorer = { ...explorerOf(context, server.url, opened), keyed }
  })

  afterEach(async () => {
    for (const close of opened.splice(0)) await close()
  })

  afterAll(async () => {
    await browser?.close()
    await worker?.stop()
    await server?.close()
    await keyedServer?.close()
    await db?.close()
    if (uploads !== undefined) await rm(uploads, { recursive: true })
  })

  return {
    get origin() {
      return running().origin
    },
    get keyed() {
      return running().keyed
    },
    get atlas() {
      return running().atlas
    },
    open: (path, options) => running().open(path, options),
  }
}

function explorerOf(
  context: BrowserContext,
  url: string,
  opened: (() => Promise<void>)[],
): Omit<Explorer, 'keyed'> {
  const { origin } = new URL(url)
  return {
    origin,
    atlas: connect({ url }),
    async open(path, { mayFail = false, height } = {}) {
      const address = new URL(path, origin)
      const page = await context.newPage()
      if (height !== undefined) await page.setViewportSize({ width: 1280, height })
      // A page that lacks something says so soon.
      page.setDefaultTimeout(10_000)
      const foreign: string[] = []
      const errors: string[] = []
      page.on('request', (request) => {
        const { protocol, origin: asked } = new URL(request.url())
        if (asked !== address.origin && !['data:', 'blob:'].includes(protocol)) foreign.push(request.url())
      })
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      page.on('pageerror', (error) => errors.push(error.message))
      opened.push(async () => {
        await page.close()
        expect(foreign, 'requests to elsewhere').toEqual([])
        if (!mayFail) expect(errors, 'errors in the console').toEqual([])
      })
      await page.goto(address.href)
      return page
    },
  }
}
