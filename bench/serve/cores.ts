/** Which process runs on which core, where `taskset` can say so (Linux). */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

/** Whether the servers have a core of their own. */
export const canPin = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0

/** The core of the servers, one of which works at a time; everything else has the others. */
const SERVERS = '0'
const OTHERS = cpus().length > 2 ? `1-${cpus().length - 1}` : '1'

/** A command that runs on the servers' core. */
export function onServersCore(command: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', SERVERS, command, ...args]] : [command, [...args]]
}

/** Moves a running process, with its threads and what it will start, off the servers' core. */
export function offServersCore(pid: number): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', OTHERS, String(pid)])
}
