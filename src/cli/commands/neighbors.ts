import { requestNeighbors } from '../../jobs/commands/requestNeighbors.ts'
import { createLoaders } from '../../store/loaders.ts'
import { findPartition, findReadyPartition } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { partitionSummary } from '../show/partition.ts'
import { partitionView } from '../views.ts'

export interface NeighborsOptions {
  k: number
  detach?: boolean
}

/** `atlas neighbors` */
export async function neighborsCommand(
  cli: AtlasCli,
  path: string,
  options: NeighborsOptions,
): Promise<void> {
  const { id } = await findReadyPartition(cli.loaders, path)
  const jobId = await requestNeighbors(cli.atlas.db, id, options.k)
  const { job, finished } = await runJob(cli, jobId, `neighbors ${path}`, options)
  const loaders = createLoaders(cli.atlas.db)
  const partition = await partitionView(loaders, await findPartition(loaders, path))
  cli.output.answer({ job, partition }, finished ? partitionSummary(partition) : (job?.id ?? ''))
}
