import { join, resolve } from 'node:path'
import { config } from 'dotenv'
import { z } from 'zod'
import { AtlasError } from '../compute/errors.ts'
import { packageRoot } from './packageRoot.ts'

const environment = z.object({
  /** Where the server listens. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  /** Folder of the embedded Postgres and of uploads under way. */
  ATLAS_HOME: z
    .string()
    .default(join(packageRoot, '.atlas'))
    .transform((path) => resolve(path)),
  /** A Postgres 15+ to use instead of the embedded one. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Kernels: `auto` takes the fastest that works. */
  ATLAS_BACKEND: z.enum(['auto', 'wasm', 'native', 'cuda']).default('auto'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
})

/** Everything that can be set, from the environment or `.env` in the working directory; all optional. */
export interface Settings {
  port: number
  host: string
  home: string
  databaseUrl: string | undefined
  backend: 'auto' | 'wasm' | 'native' | 'cuda'
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
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
  return {
    port: data.PORT,
    host: data.HOST,
    home: data.ATLAS_HOME,
    databaseUrl: data.DATABASE_URL,
    backend: data.ATLAS_BACKEND,
    logLevel: data.LOG_LEVEL,
  }
}
