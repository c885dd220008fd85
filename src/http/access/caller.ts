/** Who asks, and whether they may. */
import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { AtlasError } from '../../../compute/errors.ts'
import type { ServingSettings } from '../../settings.ts'
import { findApiKey } from '../../store/apiKeys.ts'
import type { Database } from '../../store/database.ts'
import type { KeyScope } from '../../store/keyScopes.ts'
import type { Enter } from './limits.ts'

/** Who asks. */
export interface Caller {
  /** Name of the key; null without one. */
  readonly key: string | null
  readonly scope: KeyScope
  /** What limits count by: the key, or the address of those without one. */
  readonly account: string
}

/**
 * Finds out who sends a request, with the key that it carries or another one. Rejects with KEY_NEEDED where a key is
 * needed and none came, UNKNOWN_KEY where it is wrong, and TooMuch where an address has tried too often.
 */
export type Identify = (request: IncomingMessage, key?: string) => Promise<Caller>

/** Name of the cookie that the explorer keeps a key in, which its scripts cannot read. */
export const KEY_COOKIE = 'atlas_key'

/** How long a revoked key may live on. */
const REMEMBER_MS = 5_000
const REMEMBERED = 10_000

export interface Doors extends Pick<ServingSettings, 'access' | 'proxies'> {
  /** A key of this server's own, which commands on its machine find in ATLAS_HOME; it may do everything. */
  ownKey?: string | undefined
}

/**
 * Keys are looked up once in {@link REMEMBER_MS}; so are wrong ones, that a flood of one does not reach Postgres. Who
 * comes without a right one spends what their address may try.
 */
export function createIdentify(db: Database, doors: Doors, enter: Enter): Identify {
  const { access, ownKey, proxies } = doors
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
  return async (request, key = keyOfRequest(request)) => {
    const account = `address ${addressOf(request, proxies)}`
    if (access === 'open') return { key: null, scope: 'ADMIN', account }
    if (key === undefined && access === 'public-reads') return { key: null, scope: 'READ', account }
    const caller = key === undefined ? null : await lookUp(key)
    if (caller) return caller
    const leave = await enter(account, 'session')
    leave()
    throw key === undefined ? keyNeeded() : unknownKey()
  }
}

function keyNeeded(): AtlasError {
  return new AtlasError(
    'KEY_NEEDED',
    'This atlas answers those with a key: send it as "Authorization: Bearer <key>" or "x-api-key: <key>".',
  )
}

function unknownKey(): AtlasError {
  return new AtlasError(
    'UNKNOWN_KEY',
    'The key is not known here: it may be revoked, or of another atlas. Make one with `atlas key create`.',
  )
}

/** The key that a request carries, by whatever header. */
function keyOfRequest({ headers }: IncomingMessage): string | undefined {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  const header = headers['x-api-key']
  const [, cookie] = new RegExp(`(?:^|; *)${KEY_COOKIE}=([^;]+)`).exec(headers.cookie ?? '') ?? []
  return bearer ?? (typeof header === 'string' ? header : undefined) ?? cookie
}

/** The address that a request came from, as the outermost of so many proxies of ours saw it. */
function addressOf({ socket, headers }: IncomingMessage, proxies: number): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
  const hops = [...forwarded.map((hop) => hop.trim()).filter((hop) => hop !== ''), socket.remoteAddress]
  return hops[Math.max(0, hops.length - 1 - proxies)] ?? 'unknown'
}
