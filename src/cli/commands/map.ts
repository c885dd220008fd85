import { requestEmbedding } from '../../jobs/commands/requestEmbedding.ts'
import type { EmbeddingParameters } from '../../store/createEmbedding.ts'
import { existing } from '../../store/existing.ts'
import { createLoaders } from '../../store/loaders.ts'
import { embeddingSuffix } from '../../store/path.ts'
import { findReadyPartition } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { embeddingAnswer } from '../show/embedding.ts'

export interface MapOptions extends EmbeddingParameters {
  detach?: boolean
}

/** `atlas map`: the same command again finds the work under way, or done. */
export async function mapCommand(cli: AtlasCli, path: string, options: MapOptions): Promise<void> {
  const { db } = cli.atlas
  const { neighbors, seed } = options
  const { id } = await findReadyPartition(cli.loaders, path)
  const { embeddingId, jobId } = await requestEmbedding(db, id, { neighbors, seed })
  const { job, finished } = await runJob(cli, jobId, `${embeddingSuffix(options)} of ${path}`, options)
  const loaders = createLoaders(db)
  const embedding = existing(await loaders.embeddingById.load([embeddingId]))
  const { document, text } = await embeddingAnswer({ ...cli, loaders }, embedding)
  cli.output.answer({ job, embedding: document }, finished ? text : (job?.id ?? ''))
}
