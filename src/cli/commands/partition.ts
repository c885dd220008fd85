import { requestPartition } from '../../jobs/commands/requestPartition.ts'
import { createLoaders } from '../../store/loaders.ts'
import { partitionPath, type PartitionKey } from '../../store/path.ts'
import type { Span } from '../layers.ts'
import { findPartitionByKey, findSpan } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { partitionSummary } from '../show/partition.ts'
import { partitionView } from '../views.ts'

export interface PartitionOptions {
  layers: Span
  perPosition?: boolean
  detach?: boolean
}

/** `atlas partition`: the same command again finds the work under way, or done. */
export async function partitionCommand(
  cli: AtlasCli,
  networkName: string,
  datasetName: string,
  options: PartitionOptions,
): Promise<void> {
  const { db } = cli.atlas
  const key: PartitionKey = {
    ...(await findSpan(cli.loaders, networkName, datasetName, options.layers)),
    granularity: options.perPosition ? 'PER_POSITION' : 'WHOLE_INPUT',
  }
  const { jobId } = await requestPartition(db, key)
  const { job, finished } = await runJob(cli, jobId, `partition ${partitionPath(key)}`, options)
  const loaders = createLoaders(db)
  const partition = await partitionView(loaders, await findPartitionByKey(loaders, key))
  cli.output.answer({ job, partition }, finished ? partitionSummary(partition) : (job?.id ?? ''))
}
