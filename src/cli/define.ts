/** What the definitions of commands share. */
import { Option, type Command } from 'commander'
import { parseSpan } from './layers.ts'
import { withAtlas, withSettings, type AtlasCli, type Cli } from './session.ts'

/** Runs a command's work with the atlas open. */
export function onAtlas(program: Command, work: (cli: AtlasCli) => Promise<void>): Promise<void> {
  return withAtlas(wantsJson(program), work)
}

/** Runs a command's work that opens the atlas itself, or none. */
export function onSettings(program: Command, work: (cli: Cli) => Promise<void>): Promise<void> {
  return withSettings(wantsJson(program), work)
}

function wantsJson(program: Command): boolean {
  return program.opts<{ json?: boolean }>().json ?? false
}

/** What `--help` ends with. */
export function example(line: string): string {
  return `\nExample:\n  $ ${line}`
}

/** For commands on a span of layers. */
export const layers = () =>
  new Option('--layers <span>', 'span of layers: 1..3, 2 or all').argParser(parseSpan).default('all')

/** For commands that queue a job. */
export const detach = () => new Option('--detach', 'print the id of the job and return at once')
