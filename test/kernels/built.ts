import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'

/** Whether a program is on this machine. */
export const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

/**
 * Makes a file where it is missing or older than what it is made of. It appears whole, whoever else makes it
 * meanwhile.
 *
 * @param target its path
 * @param sources a folder, of which TypeScript does not count, and the script that builds it
 * @param commandOf what makes it at a path
 * @returns its full path
 */
export function built(
  target: string,
  sources: { folder: string; script: string },
  commandOf: (to: string) => string[],
): string {
  const whole = path.resolve(target)
  const made = statSync(whole, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (made > newest(sources)) return whole
  mkdirSync(path.dirname(whole), { recursive: true })
  const partial = `${whole}.${process.pid}`
  const [command, ...args] = commandOf(partial)
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`)
  renameSync(partial, whole)
  return whole
}

function newest({ folder, script }: { folder: string; script: string }): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => !file.endsWith('.ts')).map((file) => path.join(folder, file))
  return Math.max(...[...sources, script].map((file) => statSync(file).mtimeMs))
}
