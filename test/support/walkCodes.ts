import type { Program, SegmentWalk } from '#atlas/compute/geometry/index.js'

/** All codes on a walk through all layers, as text, from the one that holds behind its start. */
export function codesOfWalk(
  { gates, summary }: Program,
  first: readonly number[],
  { crossings }: SegmentWalk,
): Set<string> {
  const starts = gates.map((_, layer) =>
    gates.slice(0, layer).reduce((sum, { bitCount }) => sum + bitCount, 0),
  )
  const code = [...first]
  const codes = new Set([code.join('')])
  for (const place of new Set(crossings.map(({ t }) => t))) {
    for (const { layer, unit, position, bit, turnsOn } of crossings.filter(({ t }) => t === place)) {
      const { unitCount, bitsPerUnit } = summary.layers[layer]
      code[starts[layer] + (position * unitCount + unit) * bitsPerUnit + bit] = Number(turnsOn)
    }
    codes.add(code.join(''))
  }
  return codes
}
