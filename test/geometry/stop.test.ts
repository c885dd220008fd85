import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { runGeometry, type CutTask } from '#atlas/compute/geometry/index.js'
import { buildMlp, uniform } from '../support/onnx.ts'

/** A slice of some ten thousand polygons, a second's work. */
function longTask(): CutTask {
  const bytes = buildMlp({ sizes: [20, 150, 150, 150, 4], seed: 3 })
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  const random = uniform(8)
  const along = () => Float64Array.from({ length: 20 }, () => 8 * (random() - 0.5))
  return {
    network: { sha256: 'a'.repeat(64), bytes: shared },
    origin: { space: 'INPUT', values: along() },
    u: { along: along() },
    v: { along: along() },
    fromLayer: 0,
    toLayer: 2,
    maxRegions: 1e6,
  }
}

it('ends with its signal at any moment, and the threads go on working', async () => {
  const task = longTask()
  const whole = await runGeometry('cut', task)
  expect(whole.predictions.length).toBeGreaterThan(5000)
  // Two threads, ten aborts each: a thread that was ended from outside inside ONNX Runtime took the process with it.
  for (let round = 0; round < 10; round++) {
    const client = new AbortController()
    const running = [1, 2].map(() => runGeometry('cut', task, client.signal))
    const failures = Promise.allSettled(running)
    await setTimeout(round * 40)
    client.abort(new Error('gone'))
    expect(await failures).toEqual(
      running.map(() => ({ status: 'rejected', reason: expect.objectContaining({ message: 'gone' }) })),
    )
  }
  expect(await runGeometry('cut', task)).toEqual(whole)
})

it('does not begin what was stopped before', async () => {
  await expect(runGeometry('cut', longTask(), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
})
