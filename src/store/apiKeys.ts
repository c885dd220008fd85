import { createHash, randomBytes } from 'node:crypto'
import { AtlasError } from '../../compute/errors.ts'
import { sql, type Database } from './database.ts'
import type { KeyScope } from './keyScopes.ts'

/** A key as it is stored: without the key. */
export interface ApiKeyRow {
  name: string
  scope: KeyScope
  createdAt: Date
}

/** Begin of every key, by which scanners of repositories find those that were committed. */
const PREFIX = 'atlas_'
const FORM = /^[\w.-]{1,100}$/

/**
 * Makes a key and answers it; only its hash is stored, so that it is never to be seen again.
 * @throws AtlasError BAD_NAME, NAME_TAKEN
 */
export async function createApiKey(db: Database, name: string, scope: KeyScope): Promise<string> {
  if (!FORM.test(name))
    throw new AtlasError(
      'BAD_NAME',
      `"${name}" cannot name a key: use 1 to 100 letters, digits, "_", "-" and ".".`,
    )
  const key = PREFIX + randomBytes(32).toString('base64url')
  const made = await db.query(
    sql`insert into api_key (name, hash, scope) values (${name}, ${hashOf(key)}, ${scope}::"KeyScope")
        on conflict (name) do nothing returning name`,
  )
  if (made.length === 0)
    throw new AtlasError('NAME_TAKEN', `There is a key "${name}" already: choose another name, or revoke it.`)
  return key
}

/** All keys by name. */
export function listApiKeys(db: Database): Promise<ApiKeyRow[]> {
  return db.query<ApiKeyRow>(sql`select name, scope, created_at as "createdAt" from api_key order by name`)
}

/**
 * Makes a key worthless: servers notice within some seconds.
 * @throws AtlasError UNKNOWN_KEY
 */
export async function revokeApiKey(db: Database, name: string): Promise<void> {
  const gone = await db.query(sql`delete from api_key where name = ${name} returning name`)
  if (gone.length === 0)
    throw new AtlasError('UNKNOWN_KEY', `There is no key "${name}": see \`atlas key list\`.`)
}

/** The key with this text, if there is one. */
export async function findApiKey(db: Database, key: string): Promise<ApiKeyRow | null> {
  const [row] = await db.query<ApiKeyRow>(
    sql`select name, scope, created_at as "createdAt" from api_key where hash = ${hashOf(key)}`,
  )
  return row ?? null
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
