import {
  firingByChance,
  firingStatistics,
  type Firing,
  type FiringStatistics,
} from '../../../compute/compare/index.ts'
import { LabelledBits } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { readLabels, readLayerCodes } from '../../store/encoding.ts'
import type { DatasetRow, LayerRow } from '../../store/models.ts'
import { hasNumbers } from '../../store/span.ts'

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
  const { networkId, index, unitCount, positionCount, bitsPerUnit, operator } = layer
  if (hasNumbers(layer))
    throw new AtlasError(
      'BAD_ARGUMENT',
      `The units of layer ${index} (${operator}) do not fire, their bits number the entries of windows: choose a layer of ` +
        'another operator.',
    )
  const labels = await readLabels(db, dataset.id)
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  const bits = new LabelledBits(unitCount * bitsPerUnit, classes)
  let input = 0
  for await (const [codes] of readLayerCodes(db, networkId, dataset.id, index, index)) {
    const rows = Math.min(dataset.chunkSize, dataset.inputCount - input)
    const ofRows = labels.subarray(input, input + rows)
    await bits.add(
      codes,
      Int32Array.from(
        { length: rows * positionCount },
        (_, site) => ofRows[Math.floor(site / positionCount)],
      ),
    )
    input += rows
  }
  if (input < dataset.inputCount)
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

/** What to expect of a unit that fires as often at random: see `firingByChance`. */
export function byChance({ firing }: UnitStatistics) {
  return firingByChance(firing)
}
