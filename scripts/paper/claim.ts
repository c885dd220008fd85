import type { Check } from './check.ts'
import type { Plot } from './plot/types.ts'

/** A query file of examples/queries, by its name without the ending, and its variables. */
export interface Question {
  query: string
  variables?: Record<string, unknown>
}

/** A table; the cells are text as it stands in Markdown. */
export interface Table {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

/** A paragraph, a table, or a plot with the name of its file (without the ending). */
export type Block = string | Table | { file: string; plot: Plot }

/** What the answers show, and what had to hold for the claim. */
export interface Finding {
  blocks: readonly Block[]
  checks: readonly Check[]
}

/** One claim or experiment of the paper, and how the sample atlas answers it. */
export interface Claim {
  title: string
  /** Where the paper says so, such as `3.2`; null for a question of ours. */
  section: string | null
  /** What the paper says, in our words; of a question of ours, why it is asked. */
  says: string
  questions: readonly Question[]
  /** The answers' `data`, in the order of the questions. */
  read(answers: readonly unknown[]): Finding
}
