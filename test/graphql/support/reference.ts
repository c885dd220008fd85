// The atlas of the tests, worked out by brute force in float64: one array element a bit, no packing.
import { forwardMlp, type MlpOptions } from '../../support/onnx.ts'
import { group, text, type Bits } from '../../support/reference.ts'

export const INPUT_COUNT = 120
export const LABEL_COUNT = 4

/** mulberry32 */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = uniform(7)

/** Samples of shape [2, 3] with values in [0, 1], float32. */
export const samples: number[][] = Array.from({ length: INPUT_COUNT }, () =>
  Array.from({ length: 6 }, () => Math.fround(random())),
)

/** Neither sorted nor equally frequent. */
export const labels: number[] = samples.map((sample) => Math.floor(LABEL_COUNT * sample[0] * sample[1]))

export const mlps: Record<'mlp-a' | 'mlp-b', MlpOptions> = {
  'mlp-a': { sizes: [6, 16, 10, 4], seed: 4 },
  'mlp-b': { sizes: [6, 16, 10, 4], seed: 6 },
}

/** Weights (3 x 3, row-major) and bias of the network `tokens`: one dense layer over two tokens of three values. */
export const tokenWeights = [1, -1, 0.5, -0.75, 0.5, 1, 0.25, 0.5, -1.25].map(Math.fround)
export const tokenBias = [-0.2, 0.05, 0.1].map(Math.fround)

/** Bits of every input by a layer of an MLP. */
export function layerBits(options: MlpOptions, layer: number): Bits[] {
  return samples.map((sample) => forwardMlp(options, sample).preActivations[layer].map((value) => value > 0))
}

/** Bits of every input over a span of an MLP's layers. */
export function spanBits(options: MlpOptions, from: number, to: number): Bits[] {
  const layers = Array.from({ length: to - from + 1 }, (_, i) => layerBits(options, from + i))
  return samples.map((_, input) => layers.flatMap((bits) => bits[input]))
}

/** Bits of both positions of every input by the network `tokens`: [input][position]. */
export const tokenBits: Bits[][] = samples.map((sample) =>
  [0, 1].map((token) =>
    [0, 1, 2].map((unit) => {
      const sum = [0, 1, 2].reduce((sum, i) => sum + sample[3 * token + i] * tokenWeights[3 * i + unit], 0)
      return sum + tokenBias[unit] > 0
    }),
  ),
)

/** A region worked out by hand. */
export interface ReferenceRegion {
  index: number
  bits: Bits
  code: string
  members: number[]
  /** Label to count. */
  labelCounts: Map<number, number>
  entropy: number
}

/** Regions of one code an input, in order of first appearance. */
export function regionsOf(codes: readonly Bits[]): ReferenceRegion[] {
  const groups = group(codes)
  return Array.from({ length: Math.max(...groups) + 1 }, (_, index) => {
    const members = groups.flatMap((found, input) => (found === index ? [input] : []))
    const labelCounts = new Map<number, number>()
    for (const input of members) labelCounts.set(labels[input], (labelCounts.get(labels[input]) ?? 0) + 1)
    const bits = codes[members[0]]
    return {
      index,
      bits,
      code: text(bits),
      members,
      labelCounts,
      entropy: entropyOf([...labelCounts.values()]),
    }
  })
}

export function entropyOf(counts: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0)
  return counts.reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0)
}

/** Where all codes agree, and on what. */
export function agreementOf(codes: readonly Bits[]): { mask: string; values: string } {
  const [first] = codes
  const agree = first.map((bit, i) => codes.every((code) => code[i] === bit))
  return { mask: text(agree), values: text(first.map((bit, i) => agree[i] && bit)) }
}
