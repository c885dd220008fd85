import { createSeries } from '../../store/createSeries.ts'
import { existing } from '../../store/existing.ts'
import { createLoaders } from '../../store/loaders.ts'
import type { Member } from '../options.ts'
import type { AtlasCli } from '../session.ts'
import { seriesView } from '../views.ts'

export interface SeriesCreateOptions {
  description?: string
}

/** `atlas series create` */
export async function createSeriesCommand(
  cli: AtlasCli,
  name: string,
  members: readonly Member[],
  { description = '' }: SeriesCreateOptions,
): Promise<void> {
  const { db } = cli.atlas
  const id = await createSeries(db, { name, description, members })
  const loaders = createLoaders(db)
  const series = await seriesView(loaders, existing(await loaders.seriesById.load([id])))
  cli.output.answer({ series }, `Made the series "${name}" of ${members.length} networks.`)
}
