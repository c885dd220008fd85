/** Which inputs are computed again. */
import type { EncodedPair, Run } from '../../store/verify/read.ts'

/** Inputs of each network and dataset: so many that follow one another from a place that the seed draws, or all. */
export type SampleSize = { inputs: number; seed: number } | 'all'

/** The runs of a pair to look at, in the order of the dataset but for a sample that goes on at its begin. */
export function chooseRuns(
  { networkId, datasetId, chunks }: Pick<EncodedPair, 'networkId' | 'datasetId' | 'chunks'>,
  dataset: { inputCount: number; chunkSize: number },
  sample: SampleSize,
): Run[] {
  const { inputCount, chunkSize } = dataset
  const whole = chunks
    .map(({ index }) => ({
      chunk: index,
      from: 0,
      rows: Math.min(chunkSize, inputCount - index * chunkSize),
    }))
    .filter(({ chunk, rows }) => chunk >= 0 && rows > 0)
  const stored = whole.reduce((sum, { rows }) => sum + rows, 0)
  if (sample === 'all' || sample.inputs >= stored) return whole
  const runs: Run[] = []
  let skip = draw(sample.seed, networkId, datasetId) % stored
  let left = sample.inputs
  for (let i = 0; left > 0; i = (i + 1) % whole.length) {
    const { chunk, rows } = whole[i]
    const from = Math.min(skip, rows)
    skip -= from
    const taken = Math.min(left, rows - from)
    if (taken > 0) runs.push({ chunk, from, rows: taken })
    left -= taken
  }
  return runs
}

/** A number of 32 bits out of three (the finaliser of MurmurHash3). */
function draw(...numbers: number[]): number {
  return numbers.reduce((state, number) => {
    let mixed = Math.imul(state ^ number, 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }, 0x9e3779b9)
}
