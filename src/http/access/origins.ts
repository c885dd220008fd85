/** From where browsers may ask. */
import type { IncomingMessage } from 'node:http'
import cors from 'cors'
import { isLoopback, type ServingSettings } from '../../settings.ts'
import type { Handler } from '../chain.ts'

type Origins = Pick<ServingSettings, 'access' | 'corsOrigins'>

/** Answers browsers which pages of other origins may use the API: those of the setting. */
export function corsHandler({ corsOrigins }: Origins): Handler {
  return cors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT'],
    allowedHeaders: ['content-type', 'authorization', 'x-api-key', 'apollo-require-preflight', 'traceparent'],
    exposedHeaders: ['retry-after', 'x-request-id', 'etag'],
    maxAge: 600,
  })
}

/**
 * Whether a page may open a WebSocket, which browsers let it do anywhere: pages of this server may, of origins in the
 * setting, and where the server is open, of this machine, where people write frontends. Programs send no origin.
 */
export function mayConnect({ headers }: IncomingMessage, { access, corsOrigins }: Origins): boolean {
  const { origin } = headers
  if (origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  const { host, hostname } = new URL(origin)
  return host === headers.host || (access === 'open' && isLoopback(hostname))
}

/**
 * Whether a request names this machine as its host, where only this machine may ask: a page elsewhere can make its own
 * name point to 127.0.0.1 ("DNS rebinding") and would be of the server's origin then.
 */
export function namesThisMachine({ headers }: IncomingMessage): boolean {
  const { host } = headers
  return host !== undefined && isLoopback(host.replace(/:\d+$/, ''))
}
