import { AtlasError } from '../../compute/errors.ts'
import type { Atlas } from '../atlas.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Loaders } from '../store/loaders.ts'
import { Interrupted } from './failure.ts'
import { createOutput, type Output } from './output.ts'

/** What every command has. */
export interface Cli {
  settings: Settings
  output: Output
  /** Aborted by the first Ctrl-C (or SIGTERM); a second one ends the process on the spot. */
  signal: AbortSignal
}

/** What a command has that works on the atlas. */
export interface AtlasCli extends Cli {
  atlas: Atlas
  /** Loaders cache, which suits a command that runs for a moment: what may change is read by fresh ones. */
  loaders: Loaders
}

/** `npm start` passes Ctrl-C on that the terminal sends as well: signals this close together are one. */
const SAME_INTERRUPT_MS = 1_000

/** Runs a command that does not need the atlas itself. */
export async function withSettings(json: boolean, run: (cli: Cli) => Promise<void>): Promise<void> {
  const interrupt = new AbortController()
  let interruptedAt = Infinity
  const onSignal = () => {
    if (performance.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(130)
    interruptedAt = Math.min(interruptedAt, performance.now())
    interrupt.abort(new Interrupted())
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    await run({ settings: readSettings(), output: createOutput(json), signal: interrupt.signal })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

/** Opens the atlas for a command and closes it after, whatever happens. Throws what `openAtlas` throws and
 * DATABASE_UNREACHABLE. */
export async function withAtlas(json: boolean, run: (cli: AtlasCli) => Promise<void>): Promise<void> {
  await withSettings(json, (cli) => runWithAtlas(cli, run))
}

/** As `withAtlas`, within a command that has begun. */
export async function runWithAtlas(cli: Cli, run: (cli: AtlasCli) => Promise<void>): Promise<void> {
  // Loaded here, so that `atlas --help` answers without loading Prisma.
  const { openAtlas } = await import('../atlas.ts')
  const { createLoaders } = await import('../store/loaders.ts')
  const atlas = await openAtlas(cli.settings, (line) => cli.output.note(line)).catch((error: unknown) =>
    Promise.reject(explain(error, cli.settings)),
  )
  try {
    await run({ ...cli, atlas, loaders: createLoaders(atlas.db) })
  } finally {
    await atlas.close()
  }
}

/** Nobody at the address, an unknown host, a wrong password, no such database or user. */
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|28P01|28000|3D000|P1000|P1001|P1003/

function explain(error: unknown, settings: Settings): unknown {
  if (settings.databaseUrl === undefined || error instanceof AtlasError || !(error instanceof Error))
    return error
  const code = 'code' in error ? String(error.code) : ''
  if (!UNREACHABLE.test(`${code} ${error.message}`)) return error
  return new AtlasError(
    'DATABASE_UNREACHABLE',
    `The Postgres of DATABASE_URL cannot be used (${error.message || code}): check the address, or unset DATABASE_URL ` +
      'to use the embedded one.',
    { cause: error },
  )
}
