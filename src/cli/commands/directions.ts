import { requestDirections } from '../../jobs/commands/requestDirections.ts'
import { existing } from '../../store/existing.ts'
import { createLoaders } from '../../store/loaders.ts'
import { directionSetSuffix } from '../../store/path.ts'
import { findReadyPartition } from '../resolve.ts'
import { runJob } from '../runJob.ts'
import type { AtlasCli } from '../session.ts'
import { directionSetAnswer } from '../show/directionSet.ts'
import { sections } from '../text.ts'

export interface DirectionsOptions {
  components?: number
  seed: number
  /** Path of a partition to show the same of. */
  control?: string
  detach?: boolean
}

/** `atlas directions`: the same command again finds the work under way, or done. */
export async function directionsCommand(
  cli: AtlasCli,
  path: string,
  options: DirectionsOptions,
): Promise<void> {
  const own = await measure(cli, path, options)
  const control = options.control === undefined ? null : await measure(cli, options.control, options)
  const { job, directionSet } = own
  const document = { job, directionSet, ...(control && { control }) }
  cli.output.answer(document, sections(own.text, control && control.text))
}

/** Finds the directions of one partition. */
async function measure(cli: AtlasCli, path: string, options: DirectionsOptions) {
  const { db } = cli.atlas
  const { id } = await findReadyPartition(cli.loaders, path)
  const { directionSetId, jobId } = await requestDirections(db, id, {
    components: options.components ?? null,
    seed: options.seed,
  })
  const asked = existing(await cli.loaders.directionSetById.load([directionSetId]))
  const title = `${directionSetSuffix(asked)} of ${path}`
  const { job, finished } = await runJob(cli, jobId, title, options)
  const loaders = createLoaders(db)
  const set = existing(await loaders.directionSetById.load([directionSetId]))
  const { document, text } = await directionSetAnswer({ ...cli, loaders }, set)
  return { job, directionSet: document, text: finished ? text : (job?.id ?? '') }
}
