import { fork, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./child.js', import.meta.url))

/** Mebibytes of the JavaScript heap, which holds what is decoded but for raw data: beyond it V8 aborts. */
const HEAP_MIB = 4096

/** A process that waits for the next file saves its start, but is not kept for ever. */
const IDLE_MS = 60_000

let idle: { child: ChildProcess; timer: NodeJS.Timeout } | undefined

/** The process that waits for the next file, if there is one. */
export function takeProcess(): ChildProcess | undefined {
  const child = idle?.child
  clearTimeout(idle?.timer)
  idle = undefined
  child?.ref()
  return child
}

/** Lets a process wait for the next file. It does not keep this one alive, and ends with it. */
export function keepProcess(child: ChildProcess): void {
  child.unref()
  idle = { child, timer: setTimeout(() => child.kill('SIGKILL'), IDLE_MS).unref() }
}

/** A new process. Until it is kept or killed it keeps this one alive. */
export function startProcess(): ChildProcess {
  const child = fork(MAIN, {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    // Answers hold typed arrays.
    serialization: 'advanced',
    // A group of its own: Ctrl-C reaches whoever waits for it, which ends it in its turn.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
  })
  child.on('exit', () => {
    if (idle?.child === child) idle = undefined
  })
  child.channel?.unref()
  // A write to a process that has died: its exit says why.
  child.stdin?.on('error', () => undefined)
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child
}
