import {
  firingStatistics,
  runComparison,
  type Firing,
  type FiringStatistics,
} from '../../../compute/compare/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { readLabels } from '../../store/encoding.ts'
import type { DatasetRow, LayerRow } from '../../store/models.ts'
import { hasNumbers } from '../../store/span.ts'
import { countFirings } from './countFirings.ts'

/** What a unit's firing says of a dataset's labels. */
export interface UnitStatistics extends FiringStatistics {
  /** Its place in the layer. */
  index: number
  firing: Firing
}

/** Orders of units. */
export type UnitOrder =
  | 'INDEX_ASC'
  | 'FIRING_RATE_ASC'
  | 'FIRING_RATE_DESC'
  | 'LABEL_ENTROPY_ASC'
  | 'LABEL_ENTROPY_DESC'
  | 'MUTUAL_INFORMATION_ASC'
  | 'MUTUAL_INFORMATION_DESC'

/**
 * The units of a layer over a dataset, from its stored codes: all inputs, all positions, a chunk at a time. Of units with
 * several bits the first counts: above the lower bound.
 *
 * @throws AtlasError NOT_COMPUTED (no codes), BAD_ARGUMENT (windows, whose bits are numbers)
 */
export async function unitStatistics(
  db: Database,
  layer: LayerRow,
  networkName: string,
  dataset: DatasetRow,
): Promise<UnitStatistics[]> {
  const { index, unitCount, positionCount, bitsPerUnit, operator } = layer
  if (hasNumbers(layer))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `The units of layer ${index} (${operator}) do not fire, their bits number the entries of windows: choose a layer of ` +
        'another operator.',
    )
  const labels = await readLabels(db, dataset.id)
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  const labelOf = (place: number) => labels[Math.floor(place / positionCount)]
  const bits = await countFirings(db, layer, dataset, classes, labelOf)
  if (!bits)
    throw new AtlasError(
      'NOT_COMPUTED',
      `The codes of layer ${index} of "${networkName}" on "${dataset.name}" are not all stored: create a partition of that ` +
        'dataset by that layer, and ask again when its job has finished.',
    )
  const { sizes } = bits
  return Array.from({ length: unitCount }, (_, unit) => {
    const firing = { sizes, fires: bits.setBy(unit * bitsPerUnit) }
    return { index: unit, firing, ...firingStatistics(firing) }
  })
}

/** Sorts units; of equal ones the first comes first. */
export function sortUnits(units: readonly UnitStatistics[], order: UnitOrder): UnitStatistics[] {
  const by = (value: (unit: UnitStatistics) => number) => {
    const sign = order.endsWith('_DESC') ? -1 : 1
    return [...units].sort((x, y) => sign * (value(x) - value(y)) || x.index - y.index)
  }
  if (order.startsWith('FIRING_RATE')) return by(({ firingRate }) => firingRate)
  if (order.startsWith('LABEL_ENTROPY')) return by(({ labelEntropy }) => labelEntropy)
  if (order.startsWith('MUTUAL_INFORMATION')) return by(({ mutualInformation }) => mutualInformation)
  return [...units]
}

/** A unit of a layer beside what to expect of one that fires as often at random. */
export interface UnitBesideChance extends UnitStatistics {
  layer: LayerRow
  dataset: DatasetRow
  chance(): Promise<Pick<FiringStatistics, 'labelEntropy' | 'mutualInformation'>>
}

/** Units with what chance gives, for all of them together on a worker thread once it is asked for. */
export function besideChance(
  units: readonly UnitStatistics[],
  of: Pick<UnitBesideChance, 'layer' | 'dataset'>,
  signal: AbortSignal,
): UnitBesideChance[] {
  const read = () =>
    runComparison(
      'chances',
      units.map(({ firing }) => firing),
      signal,
    )
  let chances: ReturnType<typeof read> | undefined
  return units.map((unit, i) => ({ ...unit, ...of, chance: async () => (await (chances ??= read()))[i] }))
}
