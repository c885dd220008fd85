import { spanOf } from '../jobs/direct/geometrySpan.ts'
import { readTraining } from '../jobs/direct/training.ts'
import { existing } from '../store/existing.ts'
import type { SeriesRow } from '../store/models.ts'
import { spanLayers } from '../store/span.ts'
import type { Context } from './context.ts'
import type { SeriesTrainingArgs } from './generated/types.ts'
import { datasetOfName } from './lookup.ts'
import type { SeriesTrainingModel } from './models.ts'

/** How a series cuts a dataset, computed on the spot. Throws UNKNOWN_DATASET, BAD_SPAN and what `readTraining` throws. */
export async function readSeriesTraining(
  { id }: SeriesRow,
  args: SeriesTrainingArgs,
  { db, loaders, inTurn, signal }: Context,
): Promise<SeriesTrainingModel> {
  const members = await loaders.membersOfSeries.load([id])
  const rows = await Promise.all(members.map(({ networkId }) => loaders.networkById.load([networkId])))
  const networks = rows.map(existing)
  const dataset = await datasetOfName(args.dataset, loaders)
  const layers = await loaders.layersOfNetwork.load([networks[0].id])
  const { fromLayer, toLayer } = spanOf({
    layerCount: layers.length,
    fromLayer: args.fromLayer ?? null,
    toLayer: args.toLayer ?? null,
  })
  const subject = { members, networks, dataset, layers, fromLayer, toLayer }
  const steps = await inTurn(() => readTraining(db, subject, signal))
  const span = spanLayers({ fromLayer, toLayer, granularity: 'WHOLE_INPUT' }, layers)
  const bitCounts = new Map(span.map(({ layer, bitCount }) => [layer.index, bitCount]))
  const bitCount = span.reduce((sum, layer) => sum + layer.bitCount, 0)
  return { dataset, fromLayer, toLayer, bitCount, bitCounts, steps }
}
