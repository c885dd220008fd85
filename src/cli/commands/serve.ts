import { once } from 'node:events'
import { serve, type ServeOptions } from '../../http/serve.ts'
import type { Progress } from '../progress.ts'
import type { Cli } from '../session.ts'

export interface ServeCommandOptions {
  sample: ServeOptions['sample']
  worker: boolean
}

/** `atlas serve`: everything runs until Ctrl-C. */
export async function serveCommand(cli: Cli, options: ServeCommandOptions): Promise<void> {
  const { output, signal } = cli
  let progress: Progress | null = null
  const running = await serve(cli.settings, {
    ...options,
    say: (line) => output.note(line),
    progress(done, total, step) {
      progress ??= output.progress('sample atlas')
      progress.update({ done, total, step })
      if (done < total) return
      progress.stop()
      progress = null
    },
  })
  if (output.json) output.answer({ url: running.url, pid: process.pid }, '')
  running.sampleLoaded.catch((error: unknown) => {
    if (!signal.aborted) output.note(`The sample atlas could not be loaded: ${String(error)}`)
  })
  if (!signal.aborted) await once(signal, 'abort')
  output.note('Stopping.')
  await running.stop()
}
