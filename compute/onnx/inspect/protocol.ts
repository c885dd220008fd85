import type { NetworkSummary } from '../summary.ts'

/** What the process is asked for. The bytes of the file come by its stdin. */
export interface Inspection {
  readonly byteCount: number
  /** Bytes that the process may have resident before it ends itself. */
  readonly memoryLimit: number
}

/** What the process answers. */
export type Answer = Outcome & {
  /** True: it has grown, and wants to be replaced by a fresh one. */
  readonly spent: boolean
}

/** An AtlasError crosses as its parts, because a process boundary takes an error's code away; others are bugs. */
export type Outcome =
  | { readonly summary: NetworkSummary }
  | { readonly code: string; readonly message: string }
  | { readonly bug: Error }

/** The signal by which the process ends itself when it outgrows its memory: nobody else sends it. */
export const OUTGROWN = 'SIGUSR2'
