// Spoiled files, read as an import reads them: each is refused with a clear error, or a network still.
import { AtlasError } from '#atlas/compute/errors.js'
import { elementCount, openNetwork, type NetworkSummary } from '#atlas/compute/onnx/index.js'
import { describe, expect, test } from 'vitest'
import { FUZZ_BASES } from '../support/fuzzBases.ts'
import { inspectApart } from '../support/inspect.ts'
import { spoil } from '../support/mutate.ts'
import { uniform } from '../support/onnx.ts'

const FILES = process.env.ATLAS_TEST === 'long' ? 20_000 : 1_500

/** What no file may take more of; of memory less than an import may, so that a test does not fill the machine. */
const LIMITS = { milliseconds: 10_000, memory: 2 ** 30 }

const REFUSALS = [
  'EXTERNAL_DATA_REFUSED',
  'INFERENCE_FAILED',
  'MALFORMED_ONNX',
  'NON_FINITE_WEIGHTS',
  'NO_LAYERS',
  'TOO_LARGE',
  'UNSUPPORTED_INPUTS',
  'UNSUPPORTED_INPUT_TYPE',
  'UNSUPPORTED_OPERATOR',
]

/** The summary of a network, or the error that a user gets; throws any other. */
function read(bytes: Uint8Array): Promise<NetworkSummary | AtlasError> {
  return inspectApart(bytes, LIMITS).catch((error: unknown) => {
    if (error instanceof AtlasError) return error
    throw error
  })
}

/** What was let in runs as the summary says, as a worker runs it. */
async function expectRun(bytes: Uint8Array, summary: NetworkSummary): Promise<void> {
  const runner = await openNetwork(bytes, [0])
  const rows = 2
  const { preActivations, scores } = await runner.run(
    new Float32Array(rows * elementCount(summary.inputShape)),
    rows,
  )
  await runner.close()
  expect(preActivations[0]).toHaveLength(rows * elementCount(summary.layers[0].shape))
  expect(scores).toHaveLength(rows * elementCount(summary.outputShape))
  for (const { unitCount, positionCount } of summary.layers) {
    expect(Number.isInteger(unitCount) && Number.isInteger(positionCount)).toBe(true)
    expect(unitCount * positionCount).toBeGreaterThan(0)
  }
}

describe('spoiled files', () => {
  test.each(Object.entries(FUZZ_BASES))('come of networks that are read: %s', async (_, bytes) => {
    await expectRun(bytes, await inspectApart(bytes))
  })

  test('are refused with a clear error, or are networks', { timeout: 600_000 }, async () => {
    const bases = Object.entries(FUZZ_BASES)
    let [networks, crashes] = [0, 0]
    for (let seed = 0; seed < FILES; seed++) {
      const [base, original] = bases[seed % bases.length]
      const { bytes, damage } = spoil(original, uniform(seed))
      const label = `${base}, seed ${seed}: ${damage.join(', ')}`
      const begun = performance.now()
      const outcome = await read(bytes)
      expect(performance.now() - begun, label).toBeLessThan(LIMITS.milliseconds)
      if (!(outcome instanceof AtlasError)) {
        networks++
        await expectRun(bytes, outcome)
      } else if (outcome.code === 'NETWORK_CRASHED') {
        crashes++
      } else {
        expect(REFUSALS, label).toContain(outcome.code)
        expect(outcome.message, label).toMatch(/^\S.{20,}/s)
        expect(outcome.message.length, label).toBeLessThan(5000)
      }
    }
    // The damage leaves some networks whole, or the test would show little; few files get by the checks and crash the
    // runtime, as a Pad that takes more than there is does.
    expect(networks).toBeGreaterThan(FILES / 50)
    expect(crashes).toBeLessThanOrEqual(FILES / 1000)
  })
})
