import { join, resolve } from 'node:path'
import { config } from 'dotenv'
import { z } from 'zod'
import { AtlasError } from '../compute/errors.ts'
import { packageRoot } from './packageRoot.ts'

const path = z.string().transform((given) => resolve(given))
const count = z.coerce.number().int()

const environment = z.object({
  PORT: count.min(0).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  ATLAS_HOME: path.default(join(packageRoot, '.atlas')),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ATLAS_BACKEND: z.enum(['auto', 'wasm', 'native', 'cuda']).default('auto'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  ATLAS_ACCESS: z.enum(['open', 'keys', 'public-reads']).optional(),
  ATLAS_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter((origin) => origin !== ''))
    .refine((origins) => origins.every(isOrigin), 'write origins such as https://lab.example, or *'),
  ATLAS_INTROSPECTION: z.stringbool().default(true),
  ATLAS_RATE_LIMIT: count.min(0).optional(),
  ATLAS_CONCURRENCY: count.min(0).optional(),
  ATLAS_TIMEOUT: count.min(1).max(86_400).default(120),
  ATLAS_MAX_ANSWER: count.min(1).max(512).default(64),
  ATLAS_PROXIES: count.min(0).default(0),
  ATLAS_DOCUMENTS: path.optional(),
  METRICS_PORT: count.min(0).max(65_535).optional(),
})

/** Who may do what: `open` everybody everything, `keys` as keys allow, `public-reads` reads without one. */
export type AccessMode = 'open' | 'keys' | 'public-reads'

/** How a server answers: who, how many at once, how long, how much. */
export interface ServingSettings {
  access: AccessMode
  /** Origins whose pages may use the API from a browser; `*` for all. */
  corsOrigins: readonly string[]
  introspection: boolean
  /** Requests a minute of one key, or of one address without a key; Infinity for any number. */
  rateLimit: number
  /** Requests of one key or address that are answered at once; Infinity for any number. */
  concurrency: number
  /** Seconds after which a request is given up. */
  timeoutSeconds: number
  /** Bytes of an answer at most. */
  maxAnswerBytes: number
  /** Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  proxies: number
  /** Folder of the only documents that are answered; undefined for any document. */
  documents: string | undefined
}

/** Everything that can be set, from the environment or `.env` in the working directory; all optional. */
export interface Settings extends ServingSettings {
  /** Where the server listens. */
  port: number
  host: string
  /** Folder of the embedded Postgres and of uploads under way. */
  home: string
  /** A Postgres 15+ to use instead of the embedded one. */
  databaseUrl: string | undefined
  /** Kernels: `auto` takes the fastest that works. */
  backend: 'auto' | 'wasm' | 'native' | 'cuda'
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where a worker process serves its metrics; nowhere when undefined. A server does on its own port. */
  metricsPort: number | undefined
}

/** What a key may ask for where keys are needed and nothing else is set. */
const LIMITS_OF_KEYS = { rateLimit: 6000, concurrency: 64 }

/** How a server for one person answers, on a loopback address. */
export const OPEN_SERVING: ServingSettings = {
  access: 'open',
  corsOrigins: [],
  introspection: true,
  rateLimit: Infinity,
  concurrency: Infinity,
  timeoutSeconds: 120,
  maxAnswerBytes: 64 * 2 ** 20,
  proxies: 0,
  documents: undefined,
}

/** Reads the settings. Throws BAD_SETTING, naming the variable. */
export function readSettings(): Settings {
  config({ quiet: true })
  // A variable set to nothing, as `PORT=` in a compose file, counts as not set.
  const given = Object.entries(process.env).filter(([, value]) => value !== '')
  const parsed = environment.safeParse(Object.fromEntries(given))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new AtlasError(
      'BAD_SETTING',
      `${issue.path.join('.')} is "${process.env[String(issue.path[0])] ?? ''}": ${issue.message}.`,
    )
  }
  const { data } = parsed
  const access = accessOf(data.ATLAS_ACCESS, data.HOST)
  const limits = access === 'open' ? OPEN_SERVING : LIMITS_OF_KEYS
  return {
    port: data.PORT,
    host: data.HOST,
    home: data.ATLAS_HOME,
    databaseUrl: data.DATABASE_URL,
    backend: data.ATLAS_BACKEND,
    logLevel: data.LOG_LEVEL,
    access,
    corsOrigins: data.ATLAS_CORS_ORIGINS,
    introspection: data.ATLAS_INTROSPECTION,
    rateLimit: data.ATLAS_RATE_LIMIT === 0 ? Infinity : (data.ATLAS_RATE_LIMIT ?? limits.rateLimit),
    concurrency: data.ATLAS_CONCURRENCY === 0 ? Infinity : (data.ATLAS_CONCURRENCY ?? limits.concurrency),
    timeoutSeconds: data.ATLAS_TIMEOUT,
    maxAnswerBytes: data.ATLAS_MAX_ANSWER * 2 ** 20,
    proxies: data.ATLAS_PROXIES,
    documents: data.ATLAS_DOCUMENTS,
    metricsPort: data.METRICS_PORT,
  }
}

/** Open by default where only this machine reaches the server; elsewhere never. */
function accessOf(given: AccessMode | undefined, host: string): AccessMode {
  const loopback = isLoopback(host)
  if (given === 'open' && !loopback)
    throw new AtlasError(
      'BAD_SETTING',
      `ATLAS_ACCESS is "open", but HOST "${host}" can be reached from other machines: take "keys" or "public-reads", or listen on 127.0.0.1.`,
    )
  return given ?? (loopback ? 'open' : 'keys')
}

/** Whether only this machine reaches a name or address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text)
}
