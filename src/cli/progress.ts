import cliProgress from 'cli-progress'
import { count, duration } from './format.ts'

/** How far some work is. */
export interface ProgressState {
  done: number
  /** Null where nobody knows yet. */
  total: number | null
  /** Steps a second; measured from the first update where it is not given. */
  rate?: number | null
  /** What is being done right now. */
  step?: string
  /** Said in place of numbers, for example that the work has not begun. */
  status?: string
}

export interface Progress {
  update(state: ProgressState): void
  /** Leaves the last state on its line. */
  stop(): void
}

/** A plain line this often where stderr is no terminal. */
const LINE_MS = 2_000

/** Shows progress on stderr: a bar on a terminal, else a line every two seconds. */
export function startProgress(label: string): Progress {
  const withRate = rateMeter()
  return process.stderr.isTTY ? bar(label, withRate) : lines(label, withRate)
}

function bar(label: string, withRate: (state: ProgressState) => ProgressState): Progress {
  const BAR_WIDTH = 24
  let state: ProgressState = { done: 0, total: null, status: '…' }
  const view = new cliProgress.SingleBar({
    format: () => {
      const share = state.total ? Math.min(1, state.done / state.total) : 0
      const filled = Math.round(share * BAR_WIDTH)
      const drawn = state.total === null ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
      return `${label}${drawn} ${describeProgress(state)}`
    },
    stream: process.stderr,
    hideCursor: true,
    // Ctrl-C belongs to the command, which stops the bar itself.
    gracefulExit: false,
  })
  view.start(1, 0)
  return {
    update(next) {
      state = withRate(next)
      view.update(state.total ? state.done / state.total : 0)
    },
    stop: () => view.stop(),
  }
}

function lines(label: string, withRate: (state: ProgressState) => ProgressState): Progress {
  let last: ProgressState | null = null
  let printed: ProgressState | null = null
  let printedAt = performance.now()
  const print = () => {
    if (last === null || last === printed) return
    process.stderr.write(`${label} ${describeProgress(last)}\n`)
    printed = last
    printedAt = performance.now()
  }
  return {
    update(next) {
      last = withRate(next)
      if (performance.now() - printedAt >= LINE_MS) print()
    },
    stop: print,
  }
}

/** "45 % 31,500/70,000 12,000/s 3 s left" */
export function describeProgress({ done, total, rate, step, status }: ProgressState): string {
  if (status !== undefined) return status
  const parts: string[] = []
  if (total) parts.push(`${Math.floor((100 * done) / total)} %`)
  parts.push(total === null ? count(done) : `${count(done)}/${count(total)}`)
  if (rate) {
    parts.push(`${count(rate < 10 ? Number(rate.toPrecision(2)) : Math.round(rate))}/s`)
    if (total !== null && done < total) parts.push(`${duration((total - done) / rate)} left`)
  }
  if (step !== undefined) parts.push(step)
  return parts.join('  ')
}

/** Adds the mean rate since the first update to states that lack one. */
function rateMeter(): (state: ProgressState) => ProgressState {
  let first: { at: number; done: number } | null = null
  return (state) => {
    if (state.rate !== undefined) return state
    const now = performance.now()
    first ??= { at: now, done: state.done }
    const seconds = (now - first.at) / 1000
    return { ...state, rate: seconds > 0.2 ? (state.done - first.done) / seconds : null }
  }
}
