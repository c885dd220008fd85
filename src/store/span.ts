/** Where the bits of a code come from: the layers of a partition's span. */
import type { LayerRow, PartitionRow } from './models.ts'

/** The run of a code's bits that one layer makes. */
export interface SpanLayer {
  layer: LayerRow
  /** Positions in one code: 1 where each position is a site of its own. */
  positionCount: number
  /** First bit of the layer in a code. */
  firstBit: number
  bitCount: number
}

/** The layers of a partition's codes in order; `layers` are all layers of its network. */
export function spanLayers(
  partition: Pick<PartitionRow, 'fromLayer' | 'toLayer' | 'granularity'>,
  layers: readonly LayerRow[],
): SpanLayer[] {
  let firstBit = 0
  return layers.slice(partition.fromLayer, partition.toLayer + 1).map((layer) => {
    const positionCount = partition.granularity === 'WHOLE_INPUT' ? layer.positionCount : 1
    const bitCount = layer.unitCount * positionCount * layer.bitsPerUnit
    firstBit += bitCount
    return { layer, positionCount, firstBit: firstBit - bitCount, bitCount }
  })
}

/** The unit that makes a bit of a code: its layer's index, itself, its place or token, and which of its bits it is. */
export function unitAt(
  bit: number,
  span: readonly SpanLayer[],
): { layer: number; unit: number; position: number; bit: number } {
  const found = span.find(({ firstBit, bitCount }) => bit >= firstBit && bit < firstBit + bitCount)
  if (!found) throw new RangeError(`No layer of the span has bit ${bit}`)
  const { layer, firstBit } = found
  const place = Math.floor((bit - firstBit) / layer.bitsPerUnit)
  return {
    layer: layer.index,
    unit: place % layer.unitCount,
    position: Math.floor(place / layer.unitCount),
    bit: (bit - firstBit) % layer.bitsPerUnit,
  }
}

/** Operators whose bits are a number: the place of the winner in its window. */
const NUMBERED: ReadonlySet<string> = new Set(['GlobalMaxPool', 'MaxPool'])

/** Whether the bits of a layer's units are numbers, rather than sides of thresholds. */
export function hasNumbers({ operator }: Pick<LayerRow, 'operator'>): boolean {
  return NUMBERED.has(operator)
}

/** Whether all gates of a span are piecewise affine; `layers` are all layers of its network. */
export function isExactSpan(
  { fromLayer, toLayer }: Pick<PartitionRow, 'fromLayer' | 'toLayer'>,
  layers: readonly LayerRow[],
): boolean {
  return layers.slice(fromLayer, toLayer + 1).every(({ exact }) => exact)
}
