import { requestPartition } from '../../jobs/commands/requestPartition.ts'
import { createLoaders } from '../../store/loaders.ts'
import { ALL_POSITIONS, partitionPath, type PartitionKey, type PositionRange } from '../../store/path.ts'
import type { Span } from '../layers.ts'
import { findPartitionByKey, findSpan } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { partitionSummary } from '../show/partition.ts'
import { partitionView } from '../views.ts'

export interface PartitionOptions {
  layers: Span
  perPosition?: boolean
  at?: number
  skip?: number
  every?: number
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
    ...positionRange(options),
  }
  const { jobId } = await requestPartition(db, key)
  const { job, finished } = await runJob(cli, jobId, `partition ${partitionPath(key)}`, options)
  const loaders = createLoaders(db)
  const partition = await partitionView(loaders, await findPartitionByKey(loaders, key))
  cli.output.answer({ job, partition }, finished ? partitionSummary(partition) : (job?.id ?? ''))
}

function positionRange({ at, skip, every }: PartitionOptions): PositionRange {
  if (at !== undefined) return { positionStart: at, positionStep: 0 }
  return {
    positionStart: skip ?? ALL_POSITIONS.positionStart,
    positionStep: every ?? ALL_POSITIONS.positionStep,
  }
}
