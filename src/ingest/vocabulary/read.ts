import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { AtlasError } from '../../../compute/errors.ts'
import { styleOf, type TokenStyle } from './styles.ts'

/** The strings of token ids. */
export interface Vocabulary {
  /** By id; ids that the file leaves out have none. */
  readonly tokens: ReadonlyMap<number, string>
  readonly style: TokenStyle
}

/** The largest known (256,000 tokens) take about 10 MiB as JSON, with merges 30. */
const MAX_BYTES = 1 << 28

/** An id that float32, in which samples are stored, can tell from the next. */
const id = z
  .int()
  .min(0)
  .max(2 ** 24)
const byToken = z.record(z.string(), id)
const inOrder = z.array(z.string())
/** SentencePiece models write a score beside each token. */
const scored = z.array(z.tuple([z.string(), z.number()]))
/** A `tokenizer.json` as the Hugging Face tokenizers write it. */
const tokenizer = z.object({
  model: z.object({ vocab: z.union([byToken, scored]) }),
  added_tokens: z.array(z.object({ id, content: z.string() })).optional(),
})

/**
 * Reads a vocabulary file: JSON (an object from token to id such as GPT-2's `vocab.json`, an array in the order of ids, or
 * a `tokenizer.json`), or text with one token a line in the order of ids, such as BERT's `vocab.txt`.
 *
 * Throws FILE_NOT_FOUND, MALFORMED_VOCABULARY.
 */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  const name = basename(path)
  const found = await stat(path).catch(() => null)
  if (!found?.isFile())
    throw new AtlasError('FILE_NOT_FOUND', `There is no file "${path}", or it cannot be read.`)
  if (found.size > MAX_BYTES) throw malformed(name, `it has more than ${MAX_BYTES / 2 ** 20} MiB`)
  const text = await readFile(path, 'utf8')
  const entries = /^\s*[[{]/.test(text) && parses(text) ? fromJson(text, name) : fromLines(text)
  const tokens = new Map<number, string>()
  for (const [key, token] of entries) {
    const other = tokens.get(key)
    if (other !== undefined && other !== token)
      throw malformed(name, `the id ${key} has two tokens, "${other}" and "${token}"`)
    tokens.set(key, token)
  }
  if (tokens.size === 0) throw malformed(name, 'it holds no token')
  return { tokens, style: styleOf(tokens.values()) }
}

/** A text file may begin with a token such as `[PAD]`. */
function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function fromJson(text: string, name: string): [number, string][] {
  const json: unknown = JSON.parse(text)
  const whole = tokenizer.safeParse(json).data
  if (whole) {
    const added = (whole.added_tokens ?? []).map(({ id, content }): [number, string] => [id, content])
    return [...fromTable(whole.model.vocab), ...added]
  }
  const table = z.union([byToken, inOrder]).safeParse(json).data
  if (table) return fromTable(table)
  throw malformed(
    name,
    'it is neither an object from token to id, nor an array of tokens, nor a tokenizer.json',
  )
}

function fromTable(table: z.infer<typeof byToken | typeof inOrder | typeof scored>): [number, string][] {
  if (Array.isArray(table)) return table.map((entry, i) => [i, typeof entry === 'string' ? entry : entry[0]])
  return Object.entries(table).map(([token, key]) => [key, token])
}

function fromLines(text: string): [number, string][] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, i) => [i, line])
}

function malformed(name: string, problem: string): AtlasError {
  return new AtlasError(
    'MALFORMED_VOCABULARY',
    `"${name}" cannot be read as a vocabulary: ${problem}. Give JSON from token to id, or text with one token a line.`,
  )
}
