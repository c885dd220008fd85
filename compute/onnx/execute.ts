import { AtlasError } from '../errors.ts'
import { concatFloats } from '../floats.ts'
import type { NetworkInput } from './input.ts'
import type { FloatTensor, Session } from './session.ts'

/** A tensor observed for several samples. */
export interface SampleTensor {
  /** rows × the elements of one sample. */
  readonly values: Float32Array
  /** Shape of one sample. */
  readonly shape: readonly number[]
  /** Axes of the tensor in front of the sample's: 1 where it has a batch axis. */
  readonly batchAxes: 0 | 1
}

/** Runs a network on `rows` samples (rows × sample elements) and returns the named tensors in their order. */
export type Execute = (
  session: Session,
  input: NetworkInput,
  values: Float32Array,
  rows: number,
  names: readonly string[],
) => Promise<SampleTensor[]>

/**
 * Runs all samples at once, along the first axis.
 * @throws AtlasError INFERENCE_FAILED, also when a result has not one row a sample.
 */
export const executeBatch: Execute = async (session, input, values, rows, names) => {
  const results = await session.run(input.name, { values, dims: [rows, ...input.sampleShape] }, names)
  return results.map((result, i) => {
    if (result.dims[0] !== rows) {
      const dims = result.dims.join(', ')
      throw new AtlasError(
        'INFERENCE_FAILED',
        `The tensor "${names[i]}" came as [${dims}] for ${rows} samples.`,
      )
    }
    return { values: result.values, shape: result.dims.slice(1), batchAxes: 1 }
  })
}

/** Runs one sample at a time, with the axes that the file declares. */
export const executeSingly: Execute = async (session, input, values, rows, names) => {
  const size = values.length / rows
  const hasBatchAxis = input.batchAxis !== 'absent'
  const dims = hasBatchAxis ? [1, ...input.sampleShape] : input.sampleShape
  const runs: FloatTensor[][] = []
  for (let row = 0; row < rows; row++) {
    const sample = values.subarray(row * size, (row + 1) * size)
    runs.push(await session.run(input.name, { values: sample, dims }, names))
  }
  return names.map((_, i) => {
    const first = runs[0][i]
    const batchAxes = hasBatchAxis && first.dims[0] === 1 ? 1 : 0
    const shape = first.dims.slice(batchAxes)
    return { values: concatFloats(runs.map((run) => run[i].values)), shape, batchAxes }
  })
}
