import { AtlasError } from '../../../compute/errors.ts'
import { readTraining, type TrainingStep } from '../../jobs/direct/training.ts'
import { readEncodedDatasets } from '../../store/encoding.ts'
import { existing } from '../../store/existing.ts'
import type { DatasetRow, SeriesRow } from '../../store/models.ts'
import { spanLayers } from '../../store/span.ts'
import { decimal, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { seriesView } from '../views.ts'
import type { Answer } from './answer.ts'

/** A series with its networks, and its steps on every dataset of which it has all codes. */
export async function seriesAnswer(cli: AtlasCli, name: string): Promise<Answer> {
  const { loaders } = cli
  const row = existing(await loaders.seriesByName.load([name]))
  const series = await seriesView(loaders, row)
  const trainings = await readTrainings(cli, row)
  const about = fields([
    ['series', series.name],
    ['description', series.description],
    ['created', moment(series.createdAt)],
  ])
  const members = table(
    ['step', 'network'],
    series.members.map(({ step, network }) => [step, network]),
  )
  const steps = trainings.map((training) =>
    section(
      `Steps on ${training.dataset}, all layers`,
      'steps' in training ? stepTable(training.steps) : training.error,
    ),
  )
  return {
    document: { kind: 'series', ...series, trainings },
    text: sections(about, section('Networks', members), ...steps),
  }
}

type StepView = ReturnType<typeof stepView>

/** The steps on a dataset, or why they are not computed here. */
type Training = { dataset: string; steps: StepView[] } | { dataset: string; error: string }

async function readTrainings({ atlas, loaders, signal }: AtlasCli, { id }: SeriesRow): Promise<Training[]> {
  const members = await loaders.membersOfSeries.load([id])
  const rows = await Promise.all(members.map(({ networkId }) => loaders.networkById.load([networkId])))
  const networks = rows.map(existing)
  const layers = await loaders.layersOfNetwork.load([networks[0].id])
  const span = { fromLayer: 0, toLayer: layers.length - 1 }
  const bits = spanLayers({ ...span, granularity: 'WHOLE_INPUT' }, layers)
  const bitCount = bits.reduce((sum, layer) => sum + layer.bitCount, 0)
  const encoded = await readEncodedDatasets(
    atlas.db,
    networks.map((network) => network.id),
    layers.length,
  )
  const trainings: Training[] = []
  for (const datasetId of encoded) {
    const dataset = existing(await loaders.datasetById.load([datasetId]))
    const subject = { members, networks, dataset, layers, ...span }
    trainings.push(
      await readTraining(atlas.db, subject, signal).then(
        (steps) => ({ dataset: dataset.name, steps: steps.map((step) => stepView(step, dataset, bitCount)) }),
        (error: unknown) => ({ dataset: dataset.name, error: reasonOf(error) }),
      ),
    )
  }
  return trainings
}

function reasonOf(error: unknown): string {
  if (error instanceof AtlasError) return error.message
  throw error
}

function stepView(
  { from, to, regionCount, change, sinceFirst }: TrainingStep,
  dataset: DatasetRow,
  bitCount: number,
) {
  const changeView = ({ flips, survival, sharedCodeCount, agreement }: TrainingStep['change']) => {
    const regions = survival.filter(({ size }) => size > 1)
    return {
      rate: flips / (dataset.inputCount * bitCount),
      sharedCodeCount,
      /** Regions of two inputs or more. */
      regions: regions.reduce((sum, part) => sum + part.regions, 0),
      survivingRegions: regions.reduce((sum, part) => sum + part.surviving, 0),
      agreement,
    }
  }
  return {
    from: from.step,
    to: to.step,
    regionCount,
    change: changeView(change),
    sinceFirst: changeView(sinceFirst),
  }
}

function stepTable(steps: readonly StepView[]): string {
  const header = [
    'from',
    'to',
    'regions',
    'bits flipped',
    'since first',
    'regions of 2+ kept',
    'codes kept',
    'same label',
    'since first',
  ]
  const percent = (share: number) => `${decimal(100 * share)} %`
  const rows = steps.map(({ from, to, regionCount, change, sinceFirst }) => [
    from,
    to,
    regionCount,
    percent(change.rate),
    percent(sinceFirst.rate),
    `${change.survivingRegions} of ${change.regions}`,
    change.sharedCodeCount,
    percent(change.agreement),
    percent(sinceFirst.agreement),
  ])
  return table(header, rows)
}
