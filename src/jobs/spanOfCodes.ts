/** The layers of a span as comparisons see them. */
import type { SpanLayer } from '../../compute/compare/index.ts'
import type { LayerRow, PartitionRow } from '../store/models.ts'
import { hasNumbers } from '../store/span.ts'

/**
 * The layers of a code as the code counts them, one position a site where positions are sites; `layers` are all of the
 * network.
 */
export function spanOfCodes(
  { fromLayer, toLayer, granularity }: Pick<PartitionRow, 'fromLayer' | 'toLayer' | 'granularity'>,
  layers: readonly LayerRow[],
): SpanLayer[] {
  const flattened = granularity === 'WHOLE_INPUT'
  return layers.slice(fromLayer, toLayer + 1).map((layer) => ({
    index: layer.index,
    units: layer.unitCount,
    positions: flattened ? layer.positionCount : 1,
    bitsPerUnit: layer.bitsPerUnit,
    numbered: hasNumbers(layer),
  }))
}

/** Whether the bits of two spans can be compared one by one. */
export function sameLayers(a: readonly SpanLayer[], b: readonly SpanLayer[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
