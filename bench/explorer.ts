/**
 * The explorer in Chromium, over 100,000 images: how soon its first page can be used, how soon a map of all regions is
 * there, and how many frames a second the map makes while it is zoomed, beside what the same browser makes with nothing to
 * draw. The images are MNIST's 70,000 and its first 30,000 once more, a pixel further to the right.
 */
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Atlas } from '../src/atlas.ts'
import { startServer, uploadsFolder } from '../src/http/server.ts'
import { importNetwork } from '../src/jobs/commands/importNetwork.ts'
import { requestEmbedding } from '../src/jobs/commands/requestEmbedding.ts'
import { requestPartition } from '../src/jobs/commands/requestPartition.ts'
import { createLogger } from '../src/log.ts'
import { packageRoot } from '../src/packageRoot.ts'
import { createImages, sampleDatasets } from '../src/sample/images.ts'
import { waitForJobs } from '../src/sample/waitForJobs.ts'
import type { DatasetSource } from '../src/store/createDataset.ts'
import { storeFile } from '../src/store/files.ts'
import { ALL_POSITIONS } from '../src/store/path.ts'
import { withEmptyAtlas } from './atlas.ts'
import { median, rounded, ROUNDS, type Row } from './report.ts'

const IMAGES = 100_000
const PIXELS = 784
const SIDE = 28
const PARTITION = 'mnist-a/0..2@images'

/** Frames of a measurement: some seconds. */
const FRAMES = 240

export async function benchExplorer(): Promise<Row[]> {
  return withEmptyAtlas(async (atlas) => {
    const regions = await prepare(atlas)
    const options = { port: 0, host: '127.0.0.1', uploads: uploadsFolder(tmpdir()) }
    const server = await startServer(atlas.db, options, createLogger({ logLevel: 'error' }, 'bench'))
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    })
    try {
      const { origin } = new URL(server.url)
      return [await firstView(browser, origin), ...(await map(browser, origin, regions))]
    } finally {
      await browser.close()
      await server.close()
    }
  })
}

/** Cuts the images by all layers of mnist-a and draws the map; answers how many regions there are. */
async function prepare({ db }: Atlas): Promise<number> {
  const { files } = sampleDatasets.all
  await createImages(db, 'images', files, withShifted)
  const file = await storeFile(db, `${packageRoot}/examples/networks/mnist-a.onnx`)
  await importNetwork(db, { name: 'mnist-a', file, description: '', tags: [] })
  const key = { network: 'mnist-a', dataset: 'images', fromLayer: 0, toLayer: 2, ...ALL_POSITIONS }
  const { partitionId, jobId } = await requestPartition(db, { ...key, granularity: 'WHOLE_INPUT' })
  await finished(db, jobId)
  await finished(db, (await requestEmbedding(db, partitionId, { neighbors: 15, seed: 1 })).jobId)
  const { regionCount } = await db.prisma.partition.findUniqueOrThrow({ where: { id: partitionId } })
  return regionCount
}

async function finished(db: Atlas['db'], job: string | null): Promise<void> {
  if (job !== null) await waitForJobs(db, [job], () => undefined)
}

/** All images, then the first ones once more, shifted: as many as make the number full. */
function withShifted(source: DatasetSource): DatasetSource {
  async function* samples() {
    const again: { data: Uint8Array; rows: number; labels: Int32Array | null }[] = []
    let left = IMAGES - 70_000
    for await (const { data, rows, labels } of source.samples()) {
      const taken = Math.min(left, rows)
      left -= taken
      const first = data.subarray(0, taken * PIXELS)
      if (taken > 0)
        again.push({ data: shifted(first), rows: taken, labels: labels && labels.slice(0, taken) })
      yield { data, rows, labels }
    }
    yield* again
  }
  return { ...source, samples, sha256: () => '0'.repeat(64) }
}

function shifted(images: Uint8Array): Uint8Array {
  return images.map((_, i) => (i % SIDE === 0 ? 0 : images[i - 1]))
}

/** From the address typed to the list of networks shown; beside it a page with nothing on it. */
async function firstView(browser: Browser, origin: string): Promise<Row> {
  const usable: number[] = []
  const empty: number[] = []
  const scripts = new Set<string>()
  for (let round = 0; round <= ROUNDS; round++) {
    empty.push(await loaded(browser, async (page) => void (await page.goto(`${origin}/icon.svg`))))
    const measured = await loaded(browser, async (page) => {
      page.on('response', (response) => {
        if (response.request().resourceType() === 'script') scripts.add(response.url())
      })
      await page.goto(origin)
      await page.getByRole('link', { name: 'mnist-a', exact: true }).waitFor()
    })
    usable.push(measured)
  }
  const bodies = await Promise.all([...scripts].map(async (url) => (await fetch(url)).arrayBuffer()))
  const gzipped = bodies.reduce((sum, body) => sum + gzipSync(Buffer.from(body)).length, 0)
  const [shown, nothing] = [median(usable.slice(1)), median(empty.slice(1))]
  return {
    measured: 'first page usable',
    ms: rounded(shown),
    beside: 'a page with nothing on it',
    besideMs: rounded(nothing),
    ratio: rounded(shown / nothing),
    scriptKilobytesGzipped: rounded(gzipped / 1000),
  }
}

/** Milliseconds of some work on a new page with nothing in its cache. */
async function loaded(browser: Browser, work: (page: Page) => Promise<void>): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const start = performance.now()
  await work(page)
  const taken = performance.now() - start
  await context.close()
  return taken
}

/** A map of all regions: until it is painted, and its frames while a wheel zooms it in and out. */
async function map(browser: Browser, origin: string, regions: number): Promise<Row[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const start = performance.now()
  await page.goto(`${origin}/atlas/${PARTITION}`)
  await page.getByRole('img', { name: /^Map of/ }).waitFor()
  await page.evaluate(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  )
  const shown = performance.now() - start
  const idle = await frames(page, false)
  const zooming = await frames(page, true)
  const row = (measured: string, times: number[]): Row => ({
    measured,
    regions,
    medianMs: rounded(median(times)),
    p95Ms: rounded([...times].sort((a, b) => a - b)[Math.ceil(0.95 * times.length) - 1]),
    framesASecond: rounded((1000 * times.length) / times.reduce((a, b) => a + b, 0)),
  })
  return [
    { measured: 'map painted', regions, ms: rounded(shown) },
    row('frames with nothing to draw', idle),
    {
      ...row('frames of the map while it is zoomed', zooming),
      ratio: rounded(median(zooming) / median(idle)),
    },
  ]
}

/** Milliseconds from frame to frame, with a turn of the wheel over the map before each or none. */
function frames(page: Page, turn: boolean): Promise<number[]> {
  return page.evaluate(
    async ({ count, turn }) => {
      const canvas = document.querySelector('canvas.map')
      if (!canvas) throw new Error('There is no map.')
      const { left, top, width, height } = canvas.getBoundingClientRect()
      const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true }
      const nextFrame = () => new Promise<number>((next) => requestAnimationFrame(next))
      const times: number[] = []
      let last = await nextFrame()
      for (let i = 0; i < count; i++) {
        const deltaY = Math.floor(i / 40) % 2 === 0 ? -40 : 40
        if (turn) canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY }))
        const now = await nextFrame()
        times.push(now - last)
        last = now
      }
      return times
    },
    { count: FRAMES, turn },
  )
}
