import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearestCodes } from '#atlas/compute/neighbors/index.js'
import { asLists, nearest, packBits, packRows, raggedBits, randomRows, rowsOf } from '../support/reference.ts'

const k = fc.constantFrom(0, 1, 2, 5, 60)
const radius = fc.option(fc.nat({ max: 6 }), { nil: undefined })

/** Big enough that worker threads take it, in tiles. */
const large = randomRows(1000, 65, 3)
const largeCodes = packRows(large)

describe('nearestCodes', () => {
  test('equals a full sort', async () => {
    const cases = raggedBits
      .filter((bits) => bits > 0)
      .chain((bits) => fc.tuple(fc.constant(bits), rowsOf(bits), rowsOf(bits)))
    await fc.assert(
      fc.asyncProperty(cases, k, radius, async ([bitCount, queries, base], k, maxDistance) => {
        const input = { queries: packRows(queries), base: packRows(base), bitCount, k, maxDistance }
        const result = asLists(await nearestCodes(input), k)
        expect(result).toEqual(nearest(queries, base, k, { maxDistance }))
      }),
    )
  })

  test('of a set to itself leaves each row out, though equal rows stay', async () => {
    const cases = raggedBits
      .filter((bits) => bits > 0)
      .chain((bits) => fc.tuple(fc.constant(bits), rowsOf(bits)))
    await fc.assert(
      fc.asyncProperty(cases, k, radius, async ([bitCount, rows], k, maxDistance) => {
        const base = packRows(rows)
        const result = asLists(
          await nearestCodes({ queries: base, base, bitCount, k, self: true, maxDistance }),
          k,
        )
        expect(result).toEqual(nearest(rows, rows, k, { self: true, maxDistance }))
      }),
    )
  })

  test('codes of 0 bits have no rows', async () => {
    const nothing = new Uint8Array(0)
    const result = await nearestCodes({ queries: nothing, base: nothing, bitCount: 0, k: 3 })
    expect(result.counts).toHaveLength(0)
  })

  test('is the same for any number of threads, and right', async () => {
    const input = { queries: largeCodes, base: largeCodes, bitCount: 65, k: 7, self: true }
    const results = await Promise.all([1, 2, 5].map((threads) => nearestCodes(input, { threads })))
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
    expect(asLists(results[0], 7)).toEqual(nearest(large, large, 7, { self: true }))
  })

  test('reports progress that rises to the total', async () => {
    for (const count of [3, 1000]) {
      const seen: [number, number][] = []
      const queries = largeCodes.subarray(0, count * 9)
      await nearestCodes(
        { queries, base: largeCodes, bitCount: 65, k: 2 },
        { onProgress: (done, total) => seen.push([done, total]) },
      )
      const dones = seen.map(([done]) => done)
      expect(dones).toEqual([...new Set(dones)].sort((a, b) => a - b))
      expect(seen.at(-1)).toEqual([count, count])
      expect(seen.every(([, total]) => total === count)).toBe(true)
    }
  })

  test('ends when aborted, before or during the search, and can search again', async () => {
    const input = { queries: largeCodes, base: largeCodes, bitCount: 65, k: 2 }
    const reason = new Error('enough')
    await expect(nearestCodes(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

    const controller = new AbortController()
    let reports = 0
    const onProgress = () => {
      reports++
      controller.abort(reason)
    }
    await expect(nearestCodes(input, { onProgress, signal: controller.signal })).rejects.toBe(reason)
    expect(reports).toBe(1)

    expect((await nearestCodes(input)).counts).toEqual(new Int32Array(1000).fill(2))
  })

  test('refuses bytes that are no whole number of codes', async () => {
    const base = packBits(large[0])
    const input = { queries: base.subarray(1), base, bitCount: 65, k: 1 }
    await expect(nearestCodes(input)).rejects.toThrow(RangeError)
  })

  test('keeps no process alive', async () => {
    const program = `
      import { nearestCodes } from '#atlas/compute/neighbors/index.js'
      const base = new Uint8Array(2000 * 128)
      await nearestCodes({ queries: base, base, bitCount: 1024, k: 1 })
      process.stdout.write('done')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 30_000,
    })
    expect(stdout).toBe('done')
  })
})
