/** What a command says: its answer on stdout, as text or as one JSON document; everything else on stderr. */
import { startProgress, type Progress } from './progress.ts'

export interface Output {
  readonly json: boolean
  /** The answer: `document` with `--json`, else `text`. Call it once a command. */
  answer(document: unknown, text: string): void
  /** A line on stderr that a person may want to know; nothing with `--json`. */
  note(line: string): void
  /** A progress bar on stderr; nothing with `--json`. */
  progress(label: string): Progress
}

export function createOutput(json: boolean): Output {
  return {
    json,
    answer(document, text) {
      process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`)
    },
    note(line) {
      if (!json) process.stderr.write(`${line}\n`)
    },
    progress: (label) => (json ? silent : startProgress(label)),
  }
}

const silent: Progress = { update: () => undefined, stop: () => undefined }
