import { cancelJob } from '../../jobs/commands/cancelJob.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { AtlasCli } from '../session.ts'
import { jobView } from '../views.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `atlas cancel` */
export async function cancelCommand(cli: AtlasCli, id: string): Promise<void> {
  if (!UUID.test(id))
    throw new AtlasError('UNKNOWN_JOB', `"${id}" is not the id of a job: \`atlas list jobs\` shows them.`)
  await cancelJob(cli.atlas.db, id)
  const row = await cli.loaders.job.load([id])
  cli.output.answer(
    { job: row && jobView(row) },
    row?.state === 'CANCELLED'
      ? `Job ${id} is cancelled.`
      : `Job ${id} was asked to stop and does so shortly.`,
  )
}
