import { describe, expect, it } from 'vitest'
import { bitComponents } from '#atlas/compute/embed/bitComponents.js'
import { embedCodes } from '#atlas/compute/embed/index.js'
import { shareRows } from '#atlas/compute/kernels/index.js'
import { neverStopped } from '#atlas/compute/stopped.js'
import { uniform } from '../support/onnx.ts'
import {
  cutBits,
  groupedBits,
  hammingDistances,
  inputOf,
  nearestOf,
  planeDistances,
  trustworthiness,
} from './codes.ts'

const WAYS = { neighbors: 15, seed: 1 }

describe('a map', () => {
  it('keeps groups of near codes apart', async () => {
    const bits = groupedBits(600, 96, 12, 0.06)
    const distances = planeDistances(await embedCodes({ ...inputOf(bits), ...WAYS }))
    const agreeing = distances.map(
      (row, i) => nearestOf(row, i, 10).filter((other) => other % 12 === i % 12).length,
    )
    expect(agreeing.reduce((sum, value) => sum + value) / (600 * 10)).toBeGreaterThan(0.95)
    // Silhouette: how much nearer the own group is than the next.
    const silhouettes = distances.map((row, i) => {
      const means = Array.from({ length: 12 }, (_, group) => {
        const own = row.filter((_distance, other) => other % 12 === group && other !== i)
        return own.reduce((sum, distance) => sum + distance, 0) / own.length
      })
      const inside = means[i % 12]
      const outside = Math.min(...means.filter((_mean, group) => group !== i % 12))
      return (outside - inside) / Math.max(inside, outside)
    })
    expect(silhouettes.reduce((sum, value) => sum + value) / 600).toBeGreaterThan(0.7)
  })

  it('is more to be trusted than the principal components, and than chance', async () => {
    const bits = cutBits(500, 80, 5)
    const input = inputOf(bits)
    const truth = hammingDistances(bits)
    const trustOf = (positions: Float32Array | Float64Array) =>
      trustworthiness(truth, planeDistances(positions), 10)
    const map = trustOf(await embedCodes({ ...input, ...WAYS }))
    const components = trustOf(bitComponents(await shareRows(input.codes, 500, 80), 1, neverStopped))
    const chance = trustOf(Float64Array.from({ length: 1000 }, uniform(3)))
    expect(chance).toBeLessThan(0.6)
    expect(components).toBeGreaterThan(0.75)
    expect(map).toBeGreaterThan(components + 0.05)
    expect(map).toBeGreaterThan(0.9)
  })

  it('lies in the square around 0, its longer axis from -1 to 1', async () => {
    const positions = await embedCodes({ ...inputOf(cutBits(300, 40, 3)), ...WAYS })
    const extents = [0, 1].map((axis) => {
      const values = positions.filter((_, at) => at % 2 === axis)
      const [least, greatest] = [Math.min(...values), Math.max(...values)]
      expect(least + greatest).toBeCloseTo(0, 5)
      return greatest - least
    })
    expect(Math.max(...extents)).toBeCloseTo(2, 5)
  })

  it('is the same for the same seed, to the byte, and another for another', async () => {
    const input = inputOf(cutBits(300, 300, 4))
    const draw = (seed: number) => embedCodes({ ...input, ...WAYS, seed })
    const first = await draw(7)
    expect(await draw(7)).toEqual(first)
    expect(await draw(8)).not.toEqual(first)
  })
})

describe('few rows', () => {
  it('are nothing, or one in the middle', async () => {
    expect(await embedCodes({ codes: new Uint8Array(), bitCount: 8, ...WAYS })).toEqual(new Float32Array())
    expect(await embedCodes({ codes: Uint8Array.of(3), bitCount: 8, ...WAYS })).toEqual(new Float32Array(2))
  })

  it.each([2, 3, 4, 15, 16, 17])('are placed apart: %i', async (rows) => {
    const positions = await embedCodes({ ...inputOf(cutBits(rows, 20, 2)), ...WAYS })
    const distances = planeDistances(positions)
    const apart = distances.flatMap((row, i) => row.filter((_, other) => other < i))
    expect(Math.min(...apart)).toBeGreaterThan(1e-4)
    expect(Math.max(...apart)).toBeGreaterThanOrEqual(1)
    for (const value of positions) expect(Math.abs(value)).toBeLessThanOrEqual(1)
  })

  it('of one bit are two', async () => {
    const [x, , other] = await embedCodes({ codes: Uint8Array.of(0, 1), bitCount: 1, ...WAYS })
    expect(Math.abs(x - other)).toBeGreaterThan(0.5)
  })
})

describe('a long drawing', () => {
  const input = { ...inputOf(groupedBits(4000, 64, 20, 0.1)), ...WAYS }

  it('counts its rows twice, up to the end, and leaves the event loop free', async () => {
    const steps: [done: number, total: number][] = []
    let blocked = 0
    let last = performance.now()
    const watch = setInterval(() => {
      blocked = Math.max(blocked, performance.now() - last)
      last = performance.now()
    }, 5)
    await embedCodes(input, { onProgress: (done, total) => steps.push([done, total]) })
    clearInterval(watch)
    expect(new Set(steps.map(([, total]) => total))).toEqual(new Set([8000]))
    const counts = steps.map(([done]) => done)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(counts.filter((done) => done > 4000 && done < 8000).length).toBeGreaterThan(1)
    expect(counts.at(-1)).toBe(8000)
    expect(blocked).toBeLessThan(1000)
  })

  it('ends with the reason of an abort', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const drawn = embedCodes(input, {
      signal: controller.signal,
      onProgress: (done) => {
        if (done > 4000) controller.abort(reason)
      },
    })
    await expect(drawn).rejects.toBe(reason)
  })
})
