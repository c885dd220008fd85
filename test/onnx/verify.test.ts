import { executeSingly } from '#atlas/compute/onnx/execute.js'
import type { NetworkInput } from '#atlas/compute/onnx/input.js'
import { openSession, type Session } from '#atlas/compute/onnx/session.js'
import { PROBE_ROWS, probeSamples, verifiesBatch } from '#atlas/compute/onnx/verify.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildMlp } from '../support/onnx.ts'

const INPUT: NetworkInput = { name: 'x', type: 'float32', batchAxis: 'any', sampleShape: [4] }
const NAMES = ['scores']
const SAMPLES = probeSamples(PROBE_ROWS, 4, 'float32')

let sessions: Session[]
beforeAll(async () => {
  sessions = await Promise.all([1, 2].map((seed) => openSession(buildMlp({ sizes: [4, 6, 2], seed }))))
})
afterAll(() => Promise.all(sessions.map((session) => session.close())))

test('a graph is verified against what the file computes, not against itself alone', async () => {
  const [session, other] = sessions
  const own = await executeSingly(session, INPUT, SAMPLES, PROBE_ROWS, NAMES)
  const foreign = await executeSingly(other, INPUT, SAMPLES, PROBE_ROWS, NAMES)
  expect(await verifiesBatch(session, INPUT, SAMPLES, NAMES, own)).toBe(true)
  expect(await verifiesBatch(session, INPUT, SAMPLES, NAMES, foreign)).toBe(false)
})

test('probe samples are spread over [-1, 1) and always the same', () => {
  const values = probeSamples(100, 100, 'float32')
  expect(values).toEqual(probeSamples(100, 100, 'float32'))
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-1)
  expect(Math.max(...values)).toBeLessThan(1)
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.02)
})
