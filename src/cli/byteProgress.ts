import type { Output } from './output.ts'

const MEBIBYTE = 1 << 20

/** Progress counted in mebibytes. */
export interface ByteProgress {
  /** Bytes done, of all, and what is being done. */
  update(done: number, total: number, step: string): void
  stop(): void
}

/** Shows the progress of what passes bytes on. */
export function startByteProgress(output: Output, label: string): ByteProgress {
  const progress = output.progress(label)
  return {
    update: (done, total, step) =>
      progress.update({
        done: Math.floor(done / MEBIBYTE),
        total: Math.ceil(total / MEBIBYTE),
        step: step === '' ? 'MiB' : `MiB, ${step}`,
      }),
    stop: () => progress.stop(),
  }
}
