import { AtlasError } from '../errors.ts'
import { executeBatch, type SampleTensor } from './execute.ts'
import type { NetworkInput } from './input.ts'
import { isWhole, type NumberType } from './numberTypes.ts'
import type { Session } from './session.ts'

/** Samples that a batch is verified with: the smallest number that a lone or paired axis cannot stand for. */
export const PROBE_ROWS = 3

/**
 * How far a lifted graph may be from the file's own, relative to the largest value of the tensor. They differ
 * by float32 rounding only where a product was transposed (at most 1.1e-5 on the 18 ACAS Xu networks, where one
 * of 27 million bits differed); a wrong lift is wrong by the size of the values.
 */
const LIFT_TOLERANCE = 1e-3

/**
 * Probe values, the same on every run (linear congruential generator, Numerical Recipes): uniform in [-1, 1), or of whole
 * numbers 0 and 1, which every vocabulary has.
 */
export function probeSamples(rows: number, size: number, type: NumberType): Float32Array {
  let state = 1
  return Float32Array.from({ length: rows * size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return isWhole(type) ? state >>> 31 : state / 2 ** 31 - 1
  })
}

/**
 * Whether a session treats its first axis as a batch: `PROBE_ROWS` samples at once give bitwise what they give
 * one by one, and both agree with `reference`, what the file's own graph gives for them one by one.
 */
export async function verifiesBatch(
  session: Session,
  input: NetworkInput,
  samples: Float32Array,
  names: readonly string[],
  reference: readonly SampleTensor[],
): Promise<boolean> {
  try {
    const batch = await executeBatch(session, input, samples, PROBE_ROWS, names)
    if (!batch.every((tensor, i) => close(tensor, reference[i]))) return false
    const size = samples.length / PROBE_ROWS
    for (let row = 0; row < PROBE_ROWS; row++) {
      const sample = samples.subarray(row * size, (row + 1) * size)
      const alone = await executeBatch(session, input, sample, 1, names)
      if (!batch.every((tensor, i) => sameRow(tensor, alone[i], row))) return false
    }
    return true
  } catch (error) {
    // A graph that cannot take a batch usually fails inside the runtime.
    if (error instanceof AtlasError && error.code === 'INFERENCE_FAILED') return false
    throw error
  }
}

function close(actual: SampleTensor, expected: SampleTensor): boolean {
  if (actual.values.length !== expected.values.length) return false
  const scale = expected.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return expected.values.every((value, i) => {
    const other = actual.values[i]
    return Object.is(value, other) || Math.abs(value - other) <= LIFT_TOLERANCE * scale
  })
}

function sameRow(batch: SampleTensor, alone: SampleTensor, row: number): boolean {
  const size = alone.values.length
  if (size * PROBE_ROWS !== batch.values.length) return false
  const ofBatch = bitsOf(batch.values.subarray(row * size, (row + 1) * size))
  const ofAlone = bitsOf(alone.values)
  return ofBatch.every((bits, i) => bits === ofAlone[i])
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}
