import { AtlasError } from '../../../compute/errors.ts'
import { requestFacets, type FacetsRequest } from '../../jobs/commands/requestFacets.ts'
import { createLoaders } from '../../store/loaders.ts'
import { parsePath } from '../../store/path.ts'
import { findPartition, findReadyPartition, findRegion } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import type { Answer } from '../show/answer.ts'
import { partitionSummary } from '../show/partition.ts'
import { regionAnswer } from '../show/region.ts'
import { partitionView } from '../views.ts'

export interface FacetsOptions {
  limit?: number
  box?: readonly [lower: number, upper: number]
  detach?: boolean
}

/** `atlas facets` */
export async function facetsCommand(cli: AtlasCli, path: string, options: FacetsOptions): Promise<void> {
  const { db } = cli.atlas
  const jobId = await requestFacets(db, await requestOf(cli, path, options))
  const { job, finished } = await runJob(cli, jobId, `facets ${path}`, options)
  if (!finished) return cli.output.answer({ job }, job?.id ?? '')
  const { document, text } = await answerFor({ ...cli, loaders: createLoaders(db) }, path)
  cli.output.answer({ job, ...document }, text)
}

async function requestOf(
  { loaders }: AtlasCli,
  path: string,
  { limit = null, box: bounds }: { limit?: number | null } & Pick<FacetsOptions, 'box'>,
): Promise<FacetsRequest> {
  const box = bounds ? { lower: [bounds[0]], upper: [bounds[1]] } : null
  const key = parsePath(path)
  if (key.kind !== 'region') {
    const { id } = await findReadyPartition(loaders, path)
    return { partitionId: id, region: null, limit, box }
  }
  if (limit !== null)
    throw new AtlasError('BAD_ARGUMENT', '--limit goes with a partition: leave it out for one region.')
  const { partitionId, index } = await findRegion(loaders, key)
  return { partitionId, region: index, limit, box }
}

/** A region as `atlas show` shows it, or the numbers of a partition. */
async function answerFor(cli: AtlasCli, path: string): Promise<Answer> {
  const key = parsePath(path)
  if (key.kind === 'region') {
    const { document, text } = await regionAnswer(cli, key)
    return { document: { region: document }, text }
  }
  const partition = await partitionView(cli.loaders, await findPartition(cli.loaders, path))
  return { document: { partition }, text: partitionSummary(partition) }
}
