import { requestSegments } from '../../jobs/commands/requestSegments.ts'
import { createLoaders } from '../../store/loaders.ts'
import { segmentSetPath, type SegmentSetKey } from '../../store/path.ts'
import type { Span } from '../layers.ts'
import { findSegmentSetByKey, findSpan } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { segmentSetAnswer } from '../show/segmentSet.ts'

export interface SegmentsOptions {
  layers: Span
  pairs: number
  seed: number
  detach?: boolean
}

/** `atlas segments`: the same command again finds the work under way, or done. */
export async function segmentsCommand(
  cli: AtlasCli,
  networkName: string,
  datasetName: string,
  options: SegmentsOptions,
): Promise<void> {
  const { db } = cli.atlas
  const { layers, pairs, seed } = options
  const key: SegmentSetKey = {
    ...(await findSpan(cli.loaders, networkName, datasetName, layers)),
    pairs,
    seed,
  }
  const { jobId } = await requestSegments(db, key)
  const { job, finished } = await runJob(cli, jobId, `segments ${segmentSetPath(key)}`, options)
  const set = await findSegmentSetByKey(createLoaders(db), key)
  const { document, text } = await segmentSetAnswer(cli, set)
  cli.output.answer({ job, segmentSet: document }, finished ? text : (job?.id ?? ''))
}
