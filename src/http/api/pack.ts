import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Answer } from './handler.ts'

/** Smaller answers fit into one packet of the network as they are. */
const MIN_BYTES = 1024

/** As Express' compression packs other answers: its best, 11, is for files that are packed once. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

const packers = {
  br: (body: string | Buffer) => promisify(brotliCompress)(body, BROTLI),
  gzip: (body: string | Buffer) => promisify(gzip)(body),
}

/**
 * An answer to POST, which nobody keeps, packed as a client takes it, on another thread; as it is where the client takes
 * nothing or it is small.
 */
export async function pack(answer: Answer, acceptEncoding: string | undefined): Promise<Answer> {
  const encoding = acceptEncoding === undefined ? null : encodingOf(acceptEncoding)
  if (encoding === null || Buffer.byteLength(answer.body) < MIN_BYTES) return answer
  const headers = new Map([...answer.headers, ['content-encoding', encoding]])
  return { ...answer, headers, body: await packers[encoding](answer.body) }
}

/** What a client takes by its header: Brotli before gzip, unless it has an order of its own. */
export function encodingOf(acceptEncoding: string): keyof typeof packers | null {
  const weights = new Map<string, number>()
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name, ...parameters] = part.split(';').map((text) => text.trim())
    const weight = parameters.find((text) => text.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0
  const best = weightOf('br') >= weightOf('gzip') ? 'br' : 'gzip'
  return weightOf(best) > 0 ? best : null
}
