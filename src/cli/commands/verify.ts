import { AtlasError } from '../../../compute/errors.ts'
import { verifyAtlas, type CheckResult, type SampledPair, type Verified } from '../../jobs/verify/index.ts'
import { Answered } from '../failure.ts'
import { count, decimal } from '../format.ts'
import { stopwatch } from '../stopwatch.ts'
import type { AtlasCli } from '../session.ts'
import { section, sections, table } from '../text.ts'

export interface VerifyCommandOptions {
  sample: number
  all?: boolean
  seed: number
}

/**
 * `atlas verify`: whether the atlas is as it was computed.
 *
 * @throws AtlasError ATLAS_DAMAGED, after the answer
 */
export async function verifyCommand(cli: AtlasCli, options: VerifyCommandOptions): Promise<void> {
  const stop = stopwatch()
  const progress = cli.output.progress('verify')
  let verified: Verified
  try {
    verified = await verifyAtlas(cli.atlas.db, {
      sample: options.all === true ? 'all' : { inputs: options.sample, seed: options.seed },
      signal: cli.signal,
      onProgress: (done, total, step) => progress.update({ done, total, step, rate: null }),
    })
  } finally {
    progress.stop()
  }
  const seconds = stop()
  const { checks, sampled } = verified
  const failed = checks.filter(({ wrong }) => wrong > 0)
  const error = failed.length === 0 ? null : damage(failed, checks.length)
  cli.output.answer(
    {
      ok: failed.length === 0,
      seconds,
      checks,
      sampled,
      ...(error && { error: { code: error.code, message: error.message } }),
    },
    sections(
      table(['check', 'looked at', 'wrong'], checks.map(line)),
      sampled.length === 0 ? null : section('Computed again', sampled.map(describeSample).join('\n')),
      notes(checks),
      failed.length === 0 ? null : section('Wrong', failed.map(describe).join('\n')),
      failed.length === 0
        ? `Nothing is wrong (${count(checks.length)} checks, ${decimal(seconds)} s).`
        : null,
    ),
  )
  if (error) throw cli.output.json ? new Answered() : error
}

function damage(failed: readonly CheckResult[], checks: number): AtlasError {
  return new AtlasError(
    'ATLAS_DAMAGED',
    `${failed.length} of ${checks} checks found something wrong (${failed.map(({ name }) => name).join(', ')}). Restore ` +
      'a backup, or delete the networks and datasets concerned and import them again.',
  )
}

function line({ name, looked, unit, wrong }: CheckResult): [string, string, number] {
  return [name, `${count(looked)} ${unit}`, wrong]
}

function notes(checks: readonly CheckResult[]): string | null {
  const said = checks.flatMap(({ name, note }) => (note === null ? [] : [`${name}: ${note}`]))
  return said.length === 0 ? null : section('Notes', said.join('\n'))
}

/** "mnist-a on mnist: inputs 4,096 to 4,351, 256 of 10,000" */
function describeSample({ network, dataset, inputs, stored, ranges }: SampledPair): string {
  if (inputs === stored) return `${network} on ${dataset}: all ${count(stored)} inputs whose codes are stored`
  const runs = ranges.map(([first, last]) => `${count(first)} to ${count(last)}`).join(', ')
  return `${network} on ${dataset}: inputs ${runs}, ${count(inputs)} of ${count(stored)} whose codes are stored`
}

function describe({ name, unit, looked, wrong, examples }: CheckResult): string {
  const more = wrong > examples.length ? [`  … ${count(wrong - examples.length)} more`] : []
  return [
    `${name}: ${count(wrong)} of ${count(looked)} ${unit}`,
    ...examples.map((example) => `  ${example}`),
    ...more,
  ].join('\n')
}
