/**
 * The worked queries (examples/queries) over HTTP, on the sample's networks and all 70,000 images of MNIST: the time of
 * the first run, with nothing in the server's caches but what the queries before it left there, then of {@link RUNS} more.
 * The atlas is that of src/sample under the same names, so that the files run as they are; the 10,000 test images come
 * first, so that `mnist/0` is the image that the files speak of.
 */
import diagnostics from 'node:diagnostics_channel'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Atlas } from '../src/atlas.ts'
import { startServer, uploadsFolder } from '../src/http/server.ts'
import { createLogger } from '../src/log.ts'
import { packageRoot } from '../src/packageRoot.ts'
import { createImages, sampleDatasets } from '../src/sample/images.ts'
import { loadSample } from '../src/sample/index.ts'
import { statementChannel, sql } from '../src/store/database.ts'
import type { DatasetSource } from '../src/store/createDataset.ts'
import { withEmptyAtlas } from './atlas.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const IMAGES = 70_000

/** Runs behind the first. */
const RUNS = 20

/** 95 % of the runs must stay below: longer than this nobody waits for an answer. */
const SLOW_MS = 2000

const folder = join(packageRoot, 'examples', 'queries')

/** @param images how many of the images, the first ones; all by default */
export async function benchQueries(images = IMAGES): Promise<Row[]> {
  if (!Number.isInteger(images) || images < 1 || images > IMAGES)
    throw new RangeError(`The number of images is a whole number from 1 to ${IMAGES}.`)
  return withEmptyAtlas(async (atlas) => {
    const prepared = await prepare(atlas, images)
    const log = createLogger({ logLevel: 'error' }, 'bench')
    const uploads = uploadsFolder(tmpdir())
    const server = await startServer(atlas.db, { port: 0, host: '127.0.0.1', uploads }, log)
    try {
      const rows: Row[] = []
      for (const file of (await readdir(folder)).sort()) {
        const row = await measure(server.url, file, images)
        console.log(JSON.stringify(row))
        rows.push(row)
      }
      return [...rows, ...prepared]
    } finally {
      await server.close()
    }
  })
}

/** Loads the sample with these images in the place of its own; answers how long which jobs took. */
async function prepare({ db }: Atlas, images: number): Promise<Row[]> {
  const { name, files } = sampleDatasets.test
  const { files: training } = sampleDatasets.all
  const all = [...files, ...training.filter((file) => !files.some((other) => other === file))]
  console.log(`reading ${images} images`)
  await createImages(db, name, all, (source) => (images < IMAGES ? firstOf(source, images) : source))
  let told = -1
  await loadSample(db, 'test', (done, total, step) => {
    if (done !== told) console.log(`${new Date().toISOString().slice(11, 19)} ${done}/${total} ${step}`)
    told = done
  })
  return db.query<Row>(
    sql`select 'preparation: ' || kind as query, count(*)::int4 as jobs,
          round(sum(extract(epoch from finished_at - started_at)), 1)::float8 as seconds,
          round(max(extract(epoch from finished_at - started_at)), 1)::float8 as "longestSeconds"
        from job group by kind order by kind`,
  )
}

async function measure(url: string, file: string, images: number): Promise<Row> {
  const query = await readFile(join(folder, file), 'utf8')
  let statements = 0
  const count = () => void statements++
  diagnostics.subscribe(statementChannel.name, count)
  const firstMs = (await seconds(async () => checkAnswer(file, await ask(url, query)))) * 1000
  diagnostics.unsubscribe(statementChannel.name, count)
  const times: number[] = []
  let bytes = 0
  for (let run = 0; run < RUNS; run++)
    times.push((await seconds(async () => (bytes = Buffer.byteLength(await ask(url, query))))) * 1000)
  const p95 = times.sort((a, b) => a - b)[Math.ceil(0.95 * RUNS) - 1]
  return {
    query: file.replace('.graphql', ''),
    images,
    firstMs: rounded(firstMs),
    p50Ms: rounded(median(times)),
    p95Ms: rounded(p95),
    bytes,
    statements,
    slow: p95 > SLOW_MS ? 'yes' : 'no',
  }
}

async function ask(url: string, query: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return response.text()
}

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.unknown().optional(),
})

/** An error, or null where something is asked for, would be measured as a fast answer. */
function checkAnswer(file: string, text: string): void {
  const { data, errors } = answerSchema.parse(JSON.parse(text))
  if (errors !== undefined || !data || Object.values(data).includes(null))
    throw new Error(`${file} has no answer: ${text.slice(0, 1000)}`)
}

/** The first samples alone. */
function firstOf(
  { shape, elementType, scale, classNames, samples }: DatasetSource,
  images: number,
): DatasetSource {
  async function* first() {
    let left = images
    for await (const { data, rows, labels } of samples()) {
      const taken = Math.min(left, rows)
      yield {
        data: data.subarray(0, (data.length / rows) * taken),
        rows: taken,
        labels: labels?.subarray(0, taken) ?? null,
      }
      left -= taken
      if (left === 0) return
    }
  }
  return { shape, elementType, scale, classNames, samples: first, sha256: () => '0'.repeat(64) }
}
