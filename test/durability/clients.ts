// Clients that write all the time and remember what the server said it had done.
import { z } from 'zod'
import { buildMlp } from '../support/onnx.ts'

/** What a client knows of one network that it brought in. */
export interface Known {
  name: string
  /** Acknowledged, asked for without an answer, or neither. */
  imported: 'yes' | 'maybe'
  deleted: 'no' | 'maybe' | 'yes'
  partition: 'no' | 'maybe' | 'yes'
  neighbors: 'no' | 'maybe' | 'yes'
}

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })).optional(),
})

/** Codes that say that nothing was done, or that it is not known. */
const AWAY = ['DATABASE_AWAY', 'INTERNAL', 'TIMED_OUT', 'UNAVAILABLE']

/** Sends one request; null where no answer came, or one that tells of a lost database. */
export async function ask(
  url: string,
  query: string,
  variables: object,
): Promise<z.infer<typeof answerSchema> | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(20_000),
    })
    const answer = answerSchema.parse(await response.json())
    return answer.errors?.some(({ extensions }) => AWAY.includes(extensions.code)) ? null : answer
  } catch {
    return null
  }
}

/** Uploads a file; null where no answer came. */
async function upload(url: string, bytes: Uint8Array): Promise<string | null> {
  try {
    const response = await fetch(new URL('/files', url), {
      method: 'PUT',
      body: new Blob([Uint8Array.from(bytes)]),
      signal: AbortSignal.timeout(20_000),
    })
    return response.ok ? z.object({ file: z.string() }).parse(await response.json()).file : null
  } catch {
    return null
  }
}

const IMPORT = `mutation ($name: String!, $file: ID!) { done: importNetwork(input: { name: $name, file: $file }) { network { id } } }`
const PARTITION = `mutation ($name: String!) { done: createPartition(input: { network: $name, dataset: "points", fromLayer: 0, toLayer: 1 }) { job { id } } }`
const NEIGHBORS = `mutation ($path: ID!) { done: computeNeighbors(input: { partition: $path, k: 4 }) { job { id } } }`
const DELETE = `mutation ($name: String!) { done: deleteNetwork(name: $name) { name } }`

/**
 * Brings networks in, cuts the points by them, asks for neighbours and deletes some again, until it is told to stop.
 * @param remember gets each network before the first request about it, and what is known of it changes in place
 */
export async function writeUntil(
  stopped: () => boolean,
  url: () => string,
  client: string,
  remember: (known: Known) => void,
): Promise<void> {
  for (let i = 0; !stopped(); i++) {
    const name = `${client}-${i}`
    const file = await upload(url(), buildMlp({ sizes: [4, 6, 5, 3], seed: seedOf(name) }))
    if (file === null) continue
    const known: Known = { name, imported: 'maybe', deleted: 'no', partition: 'no', neighbors: 'no' }
    remember(known)
    if (!(await done(url(), IMPORT, { name, file }))) continue
    known.imported = 'yes'
    known.partition = 'maybe'
    if (await done(url(), PARTITION, { name })) known.partition = 'yes'
    if (i % 3 === 1) {
      // Refused while the partition's job runs or its network is in use: then nothing was done.
      known.neighbors = 'maybe'
      if (await done(url(), NEIGHBORS, { path: `${name}/0..1@points` })) known.neighbors = 'yes'
    }
    if (i % 4 !== 3) continue
    known.deleted = 'maybe'
    if (await done(url(), DELETE, { name })) known.deleted = 'yes'
  }
}

async function done(url: string, query: string, variables: object): Promise<boolean> {
  const answer = await ask(url, query, variables)
  return answer?.errors === undefined && answer?.data?.done != null
}

/** The same network wherever it has this name. */
export function seedOf(name: string): number {
  return [...name].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) % 100_003, 7)
}
