import { AtlasError } from '../../compute/errors.ts'
import { readTraining } from '../jobs/direct/training.ts'
import { existing } from '../store/existing.ts'
import type { SeriesRow } from '../store/models.ts'
import { spanLayers } from '../store/span.ts'
import type { Context } from './context.ts'
import type { SeriesTrainingArgs } from './generated/types.ts'
import type { SeriesTrainingModel } from './models.ts'

/** How a series cuts a dataset, computed on the spot. Throws UNKNOWN_DATASET and what `readTraining` throws. */
export async function readSeriesTraining(
  { id }: SeriesRow,
  args: SeriesTrainingArgs,
  { db, loaders, inTurn, signal }: Context,
): Promise<SeriesTrainingModel> {
  const members = await loaders.membersOfSeries.load([id])
  const rows = await Promise.all(members.map(({ networkId }) => loaders.networkById.load([networkId])))
  const networks = rows.map(existing)
  const dataset = await loaders.datasetByName.load([args.dataset])
  if (!dataset)
    throw new AtlasError(
      'UNKNOWN_DATASET',
      `There is no dataset "${args.dataset}": see \`datasets\` for their names.`,
    )
  const layers = await loaders.layersOfNetwork.load([networks[0].id])
  const { fromLayer, toLayer } = {
    fromLayer: args.fromLayer ?? 0,
    toLayer: args.toLayer ?? layers.length - 1,
  }
  const subject = { members, networks, dataset, layers, fromLayer, toLayer }
  const steps = await inTurn(() => readTraining(db, subject, signal))
  const span = spanLayers({ fromLayer, toLayer, granularity: 'WHOLE_INPUT' }, layers)
  const bitCounts = new Map(span.map(({ layer, bitCount }) => [layer.index, bitCount]))
  const bitCount = span.reduce((sum, layer) => sum + layer.bitCount, 0)
  return { dataset, fromLayer, toLayer, bitCount, bitCounts, steps }
}
