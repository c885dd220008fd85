import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { serve } from '../../src/http/serve.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { OPEN_SERVING, type Settings } from '../../src/settings.ts'
import type { Question } from './claim.ts'

const answerSchema = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
})

/** Answers a question; throws where the answer has errors. */
export type Ask = (question: Question) => Promise<unknown>

/** Serves a fresh sample atlas in a temporary folder, as the first `npm start` does; it is gone afterwards. */
export async function withSampleAtlas<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result> {
  const home = await mkdtemp(join(tmpdir(), 'atlas-paper-'))
  // Run as root, Postgres has another account, which must be able to enter; else its data would lie elsewhere, and stay.
  await chmod(home, 0o711)
  const settings: Settings = {
    ...OPEN_SERVING,
    home,
    port: 0,
    host: '127.0.0.1',
    databaseUrl: undefined,
    backend: 'auto',
    logLevel: 'warn',
    metricsPort: undefined,
  }
  const say = (line: string) => console.error(line)
  const atlas = await serve(settings, { sample: 'test', worker: true, say, progress: () => undefined })
  try {
    await atlas.sampleLoaded
    return await work((question) => ask(atlas.url, question))
  } finally {
    await atlas.stop()
    await rm(home, { recursive: true, force: true })
  }
}

async function ask(url: string, { query, variables }: Question): Promise<unknown> {
  const text = await readFile(join(packageRoot, 'examples', 'queries', `${query}.graphql`), 'utf8')
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, variables }),
  })
  const { data, errors } = answerSchema.parse(await response.json())
  if (errors) throw new Error(`${query}.graphql: ${errors[0]?.message}`)
  return data
}
