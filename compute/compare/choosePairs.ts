import { AtlasError } from '../errors.ts'
import { randomBelow } from './random.ts'
import { sampleBelow, shareEvenly } from './sample.ts'

/** Distinct labels at most: each pair of them is a stratum, half a million for so many. */
const MAX_LABELS = 1000

/** Pairs of one pair of labels (or of a dataset without labels): a run of the chosen pairs. */
export interface PairStratum {
  /** The smaller label; null where the dataset has none. */
  labelA: number | null
  /** The greater label, or the same one. */
  labelB: number | null
  /** Index of its first pair. */
  first: number
  count: number
}

/** Pairs of inputs, stratum after stratum: those of one label first. */
export interface ChosenPairs {
  /** Per pair: the input with label A, or the earlier one. */
  from: Int32Array
  to: Int32Array
  /** Those that have pairs: first of equal labels, then of different ones; ascending. */
  strata: PairStratum[]
  /** Pairs that have one label; the others follow. */
  withinCount: number
}

/** Pairs of different inputs: how many there are to choose from. */
export function pairsOf(inputCount: number): number {
  return (inputCount * (inputCount - 1)) / 2
}

/**
 * All pairs of different inputs where they are no more than asked for; else a random sample. Half of it has one label
 * and half two, as far as there are such pairs; each half is shared out evenly among its labels or pairs of labels.
 *
 * @param labels per input; null for a dataset without labels, whose pairs are one stratum
 * @param seed equal seeds choose equal pairs
 * @throws AtlasError TOO_MANY_LABELS where the labels are more than classes are
 */
export function choosePairs(
  labels: Int32Array | null,
  inputCount: number,
  asked: number,
  seed: number,
): ChosenPairs {
  const below = randomBelow(seed)
  const [within, between] = poolsOf(labels, inputCount)
  const [fromWithin, fromBetween] = shareEvenly(asked, [roomOf(within), roomOf(between)], below)
  const count = fromWithin + fromBetween
  const chosen = { from: new Int32Array(count), to: new Int32Array(count), strata: [] as PairStratum[] }
  let first = 0
  for (const [pools, share] of [
    [within, fromWithin],
    [between, fromBetween],
  ] as const) {
    const counts = shareEvenly(
      share,
      pools.map(({ size }) => size),
      below,
    )
    for (const [i, pool] of pools.entries()) {
      if (counts[i] === 0) continue
      const { labelA, labelB } = pool
      chosen.strata.push({ labelA, labelB, first, count: counts[i] })
      for (const index of sampleBelow(counts[i], pool.size, below)) {
        const [from, to] = pool.pair(index)
        chosen.from[first] = from
        chosen.to[first++] = to
      }
    }
  }
  return { ...chosen, withinCount: fromWithin }
}

/** The pairs of a stratum, numbered from 0 to size - 1. */
interface Pool {
  labelA: number | null
  labelB: number | null
  size: number
  pair(index: number): readonly [from: number, to: number]
}

/** Strata of equal labels (or the only one), and of different ones. */
function poolsOf(labels: Int32Array | null, inputCount: number): [within: Pool[], between: Pool[]] {
  if (labels === null) {
    const all = Int32Array.from({ length: inputCount }, (_, i) => i)
    return [[poolWithin(null, all)], []]
  }
  const members = new Map<number, number[]>()
  labels.forEach((label, input) => {
    const known = members.get(label)
    if (known) known.push(input)
    else members.set(label, [input])
  })
  if (members.size > MAX_LABELS)
    throw new AtlasError(
      'TOO_MANY_LABELS',
      `The dataset has ${members.size} distinct labels, and pairs are told apart by up to ${MAX_LABELS}: import it with ` +
        'fewer classes, or without labels.',
    )
  const classes = [...members].sort(([a], [b]) => a - b)
  return [
    classes.map(([label, inputs]) => poolWithin(label, inputs)),
    classes.flatMap(([labelA, a], i) =>
      classes.slice(i + 1).map(([labelB, b]) => ({
        labelA,
        labelB,
        size: a.length * b.length,
        pair: (index: number) => [a[Math.floor(index / b.length)], b[index % b.length]] as const,
      })),
    ),
  ]
}

function poolWithin(label: number | null, members: ArrayLike<number>): Pool {
  return {
    labelA: label,
    labelB: label,
    size: pairsOf(members.length),
    pair(index) {
      // Pairs (i, j) with i < j, by j and then i: j's begin at j (j - 1) / 2.
      let j = Math.floor((1 + Math.sqrt(1 + 8 * index)) / 2)
      if ((j * (j - 1)) / 2 > index) j--
      return [members[index - (j * (j - 1)) / 2], members[j]]
    },
  }
}

function roomOf(pools: readonly Pool[]): number {
  return pools.reduce((sum, { size }) => sum + size, 0)
}
