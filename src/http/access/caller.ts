/** Who asks, and whether they may. */
import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { AtlasError } from '../../../compute/errors.ts'
import type { AccessMode } from '../../settings.ts'
import { findApiKey } from '../../store/apiKeys.ts'
import type { Database } from '../../store/database.ts'
import type { KeyScope } from '../../store/keyScopes.ts'

/** Who asks. */
export interface Caller {
  /** Name of the key; null without one. */
  readonly key: string | null
  readonly scope: KeyScope
  /** What limits count by: the key, or the address of those without one. */
  readonly account: string
}

/** Finds out who asks. Rejects with KEY_NEEDED where a key is needed and none came, UNKNOWN_KEY where it is wrong. */
export type Identify = (key: string | undefined, address: string) => Promise<Caller>

/** Name of the cookie that the explorer keeps a key in, which its scripts cannot read. */
export const KEY_COOKIE = 'atlas_key'

/** How long a revoked key may live on. */
const REMEMBER_MS = 5_000
const REMEMBERED = 10_000

export interface Doors {
  access: AccessMode
  /** A key of this server's own, which commands on its machine find in ATLAS_HOME; it may do everything. */
  ownKey?: string | undefined
}

/** Keys are looked up once in {@link REMEMBER_MS}; so are wrong ones, that a flood of them does not reach Postgres. */
export function createIdentify(db: Database, { access, ownKey }: Doors): Identify {
  const known = new LRUCache<string, { caller: Caller | null }>({ max: REMEMBERED, ttl: REMEMBER_MS })
  const lookUp = async (key: string): Promise<Caller | null> => {
    if (key === ownKey) return { key: 'this machine', scope: 'ADMIN', account: 'own' }
    const found = known.get(key)
    if (found) return found.caller
    const row = await findApiKey(db, key)
    const caller = row && { key: row.name, scope: row.scope, account: `key ${row.name}` }
    known.set(key, { caller })
    return caller
  }
  return async (key, address) => {
    if (access === 'open') return { key: null, scope: 'ADMIN', account: address }
    if (key !== undefined) {
      const caller = await lookUp(key)
      if (caller) return caller
      throw new AtlasError(
        'UNKNOWN_KEY',
        'The key is not known here: it may be revoked, or of another atlas. Make one with `atlas key create`.',
      )
    }
    if (access === 'public-reads') return { key: null, scope: 'READ', account: address }
    throw new AtlasError(
      'KEY_NEEDED',
      'This atlas answers those with a key: send it as "Authorization: Bearer <key>" or "x-api-key: <key>".',
    )
  }
}

/** The key that a request carries, by whatever header. */
export function keyOfRequest({ headers }: IncomingMessage): string | undefined {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  const header = headers['x-api-key']
  const [, cookie] = new RegExp(`(?:^|; *)${KEY_COOKIE}=([^;]+)`).exec(headers.cookie ?? '') ?? []
  return bearer ?? (typeof header === 'string' ? header : undefined) ?? cookie
}
