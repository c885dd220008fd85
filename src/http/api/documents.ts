import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripIgnoredCharacters } from 'graphql'
import { AtlasError } from '../../../compute/errors.ts'
import { includesScope, type KeyScope } from '../../store/keyScopes.ts'
import { callerOf } from '../access/index.ts'
import { searchOf, type Handler } from '../chain.ts'

/** The documents that a server answers, where it does not answer all. */
export interface TrustedDocuments {
  /** The text with this SHA-256 (hexadecimal), of the file as it is or without white space around. */
  byHash(sha256: string): string | undefined
  /** Refuses any other text, however it is laid out; keys of scope ADMIN may ask anything. Throws UNKNOWN_DOCUMENT. */
  check(text: string, scope: KeyScope): void
}

/**
 * Reads the files *.graphql of a folder, each of them one document.
 * @throws AtlasError BAD_SETTING where there is none
 */
export async function readTrustedDocuments(folder: string): Promise<TrustedDocuments> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.graphql'))
  if (files.length === 0)
    throw new AtlasError('BAD_SETTING', `ATLAS_DOCUMENTS is "${folder}": no file *.graphql is there.`)
  const byHash = new Map<string, string>()
  const texts = new Set<string>()
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8')
    byHash.set(sha256(text), text).set(sha256(text.trim()), text)
    texts.add(layout(text))
  }
  return {
    byHash: (hash) => byHash.get(hash),
    check(text, scope) {
      if (includesScope(scope, 'ADMIN') || texts.has(layout(text))) return
      throw new AtlasError(
        'UNKNOWN_DOCUMENT',
        'This atlas answers certain documents alone, and this is none of them: ask whoever runs it to add it.',
      )
    },
  }
}

/** Lets requests pass that ask by a trusted text, or by a hash. */
export function trusted(documents: TrustedDocuments): Handler {
  return (request, _response, next) => {
    const text = request.method === 'GET' ? searchOf(request).get('query') : textOf(request.body)
    if (typeof text === 'string') documents.check(text, callerOf(request).scope)
    next()
  }
}

function textOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined
}

/** For Apollo: documents by their hash (`extensions.persistedQuery.sha256Hash`), to which none can be added. */
export function trustedCache(documents: TrustedDocuments) {
  return {
    get: (key: string) => Promise.resolve(documents.byHash(key.replace(/^apq:/, ''))),
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(false),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The same for all texts that differ in white space, commas and comments alone. */
function layout(text: string): string {
  try {
    return stripIgnoredCharacters(text)
  } catch {
    return text // no GraphQL: it equals none
  }
}
