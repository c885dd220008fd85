import { CommanderError } from 'commander'
import { AtlasError } from '../../compute/errors.ts'
import { colours } from './text.ts'

/** Exit codes of the command (70 is EX_SOFTWARE of sysexits, 130 what a shell gives after Ctrl-C). */
const EXIT = { user: 1, usage: 2, internal: 70, interrupted: 130 }

/** Thrown where a command ends because of Ctrl-C; what there is to say has been said. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted.')
    this.name = 'Interrupted'
  }
}

/** Thrown where the answer, errors included, is on stdout already and only the exit code is left. */
export class Answered extends Error {}

/**
 * Says on stderr what went wrong (with `--json` as a document on stdout as well) and answers the exit code.
 * Usage errors were printed by commander.
 */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage
  if (error instanceof Interrupted) return EXIT.interrupted
  if (error instanceof Answered) return EXIT.user
  const known = error instanceof AtlasError
  const code = known ? error.code : 'INTERNAL'
  const message = error instanceof Error ? error.message : String(error)
  const details = !known && error instanceof Error ? (error.stack ?? message) : message
  process.stderr.write(`${colours(process.stderr).red(`error ${code}:`)} ${details}\n`)
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`)
  return known ? EXIT.user : EXIT.internal
}
