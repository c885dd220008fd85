/** What must hold for a claim to be supported, and the verdict that follows. All rules of the page are in this file. */
import type { Estimate } from '../../compute/compare/index.ts'
import { intervalText, number } from './text.ts'

/** Whether something holds, its opposite does, or the numbers leave it open. */
export type Outcome = 'yes' | 'open' | 'opposite'

export interface Check {
  /** What must hold. */
  statement: string
  /** The numbers that decide it. */
  measured: string
  outcome: Outcome
}

export type Verdict = 'supported' | 'partly supported' | 'contradicted' | 'not supported'

/** Holds where the whole interval lies above the bound; the opposite does where all of it lies below. */
export function above(statement: string, estimate: Estimate, bound = 0): Check {
  const outcome = estimate.low > bound ? 'yes' : estimate.high < bound ? 'opposite' : 'open'
  return { statement, measured: `${intervalText(estimate)}, bound ${number(bound)}`, outcome }
}

/** Holds where the whole interval lies below the bound; the opposite does where all of it lies above. */
export function below(statement: string, estimate: Estimate, bound: number): Check {
  const outcome = estimate.high < bound ? 'yes' : estimate.low > bound ? 'opposite' : 'open'
  return { statement, measured: `${intervalText(estimate)}, bound ${number(bound)}`, outcome }
}

/** For numbers counted over all that there is, which have no interval. */
export function exactlyAbove(statement: string, value: number, bound: number): Check {
  const outcome = value > bound ? 'yes' : 'opposite'
  return { statement, measured: `${number(value)}, bound ${number(bound)}`, outcome }
}

/** As {@link exactlyAbove}, the other way round. */
export function exactlyBelow(statement: string, value: number, bound: number): Check {
  const outcome = value < bound ? 'yes' : 'opposite'
  return { statement, measured: `${number(value)}, bound ${number(bound)}`, outcome }
}

/** Supported where all checks hold, partly where some do, contradicted where none does and the opposite of one. */
export function verdictOf(checks: readonly Check[]): Verdict {
  const held = checks.filter(({ outcome }) => outcome === 'yes').length
  if (held === checks.length) return 'supported'
  if (held > 0) return 'partly supported'
  return checks.some(({ outcome }) => outcome === 'opposite') ? 'contradicted' : 'not supported'
}
