import { requestClustering } from '../../jobs/commands/requestClustering.ts'
import { existing } from '../../store/existing.ts'
import { createLoaders } from '../../store/loaders.ts'
import type { RegionMetric } from '../../store/models.ts'
import { clusteringSuffix, metricOf } from '../../store/path.ts'
import { findReadyPartition } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { clusteringAnswer } from '../show/clustering.ts'

export interface ClusterOptions {
  metric: Lowercase<RegionMetric>
  minClusterSize: number
  minSamples?: number
  detach?: boolean
}

/** `atlas cluster`: the same command again finds the work under way, or done. */
export async function clusterCommand(cli: AtlasCli, path: string, options: ClusterOptions): Promise<void> {
  const { db } = cli.atlas
  const { metric, minClusterSize, minSamples = minClusterSize } = options
  const parameters = {
    metric: metricOf(metric),
    minClusterSize,
    minSamples,
  }
  const { id } = await findReadyPartition(cli.loaders, path)
  const { clusteringId, jobId } = await requestClustering(db, id, parameters)
  const { job, finished } = await runJob(cli, jobId, `${clusteringSuffix(parameters)} of ${path}`, options)
  const loaders = createLoaders(db)
  const clustering = existing(await loaders.clusteringById.load([clusteringId]))
  const { document, text } = await clusteringAnswer({ ...cli, loaders }, clustering)
  cli.output.answer({ job, clustering: document }, finished ? text : (job?.id ?? ''))
}
