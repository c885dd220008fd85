import type { Contingency } from './contingency.ts'
import type { CodeRows } from '../kernels/index.ts'
import type { BitFlips, SpanLayer } from './types.ts'

/**
 * Counts the (site, bit) pairs on which two sides with the same layers differ.
 *
 * @param layers of both sides, in bit order
 */
export function countBitFlips(
  table: Contingency,
  a: CodeRows,
  b: CodeRows,
  layers: readonly SpanLayer[],
): BitFlips {
  const flips = flipsPerBit(table, a, b)
  const result: BitFlips = { total: 0, perLayer: [], perUnit: [] }
  let bit = 0
  for (const { index: layer, units, positions } of layers) {
    const perUnit = new Float64Array(units)
    for (let i = 0; i < units * positions; i++) perUnit[i % units] += flips[bit++]
    perUnit.forEach((count, unit) => result.perUnit.push({ layer, unit, flips: count }))
    const ofLayer = perUnit.reduce((sum, count) => sum + count, 0)
    result.perLayer.push({ layer, flips: ofLayer })
    result.total += ofLayer
  }
  return result
}

/** Sites at which each bit differs, a cell of equal sites at a time. */
function flipsPerBit(table: Contingency, a: CodeRows, b: CodeRows): Float64Array {
  const flips = new Float64Array(a.bitCount)
  const words = Math.ceil(a.bitCount / 32)
  for (let cell = 0; cell < table.count.length; cell++) {
    const rowA = table.a[cell] * a.width
    const rowB = table.b[cell] * b.width
    for (let word = 0; word < words; word++) {
      let rest = a.words[rowA + word] ^ b.words[rowB + word]
      while (rest !== 0) {
        flips[word * 32 + 31 - Math.clz32(rest & -rest)] += table.count[cell]
        rest &= rest - 1
      }
    }
  }
  return flips
}
