import type { LayerCodes, LayerMargins } from './span.ts'

/**
 * A layer's codes and margins of some of its positions, as if it had no others.
 *
 * @param chosen ascending
 */
export function selectPositions<Layer extends LayerCodes & LayerMargins>(
  layer: Layer,
  rows: number,
  chosen: readonly number[],
): Layer {
  const { positions, units } = layer
  if (chosen.length === positions) return layer
  const bytes = Math.ceil(units / 8)
  const codes = new Uint8Array(rows * chosen.length * bytes)
  const margins = new Float32Array(rows * chosen.length)
  for (let row = 0, to = 0; row < rows; row++) {
    for (const position of chosen) {
      const from = row * positions + position
      codes.set(layer.codes.subarray(from * bytes, (from + 1) * bytes), to * bytes)
      margins[to++] = layer.margins[from]
    }
  }
  return { ...layer, positions: chosen.length, codes, margins }
}
