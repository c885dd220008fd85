import { requestEnumeration } from '../../jobs/commands/requestEnumeration.ts'
import { existing } from '../../store/existing.ts'
import { createLoaders } from '../../store/loaders.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { complexSummary, complexView } from '../show/complex.ts'

export interface EnumerateOptions {
  lower: number[]
  upper: number[]
  toLayer?: number
  limit: number
  detach?: boolean
}

/** `atlas enumerate`: the same command again goes on from where the last one ended. */
export async function enumerateCommand(
  cli: AtlasCli,
  network: string,
  options: EnumerateOptions,
): Promise<void> {
  const { lower, upper, toLayer = null, limit } = options
  const { complexId, jobId } = await requestEnumeration(cli.atlas.db, {
    network,
    lower,
    upper,
    toLayer,
    limit,
  })
  const { job, finished } = await runJob(cli, jobId, `regions of ${network}`, options)
  const loaders = createLoaders(cli.atlas.db)
  const complex = await complexView(loaders, existing(await loaders.complexById.load([complexId])))
  cli.output.answer({ job, complex }, finished ? complexSummary(complex) : (job?.id ?? ''))
}
