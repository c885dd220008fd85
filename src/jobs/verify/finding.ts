import { EXAMPLES, type CheckResult } from '../../store/verify/sqlCheck.ts'

/** A check that is under way: what it looked at, and what was wrong. */
export class Finding {
  readonly name: string
  readonly unit: string
  looked = 0
  wrong = 0
  readonly examples: string[] = []
  readonly notes: string[] = []

  constructor(name: string, unit: string) {
    this.name = name
    this.unit = unit
  }

  fault(example: string, count = 1): void {
    this.wrong += count
    if (this.examples.length < EXAMPLES) this.examples.push(example)
  }

  result(): CheckResult {
    const { name, unit, looked, wrong, examples, notes } = this
    return { name, unit, looked, wrong, examples, note: notes.length === 0 ? null : notes.join('; ') }
  }
}
