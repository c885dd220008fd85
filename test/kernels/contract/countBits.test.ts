import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomRows, type Bits } from '../../support/reference.ts'
import { backends } from './backends.ts'
import { onesPerBit, share, twoSets } from './rows.ts'

const places = fc.array(fc.nat(), { maxLength: 60 })

describe.each(backends)('countBits and countFlips of $name', (kernels) => {
  const bitsOf = async (rows: readonly Bits[], bitCount: number, runs: readonly number[][]) => {
    const starts = [0]
    for (const run of runs) starts.push(starts[starts.length - 1] + run.length)
    const shared = await share(rows, bitCount)
    return [...kernels.countBits(shared, Int32Array.from(runs.flat()), Int32Array.from(starts))]
  }

  test('countBits counts the rows of each run, also a row that comes twice', async () => {
    const runs = fc.array(places, { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(twoSets, runs, async ({ bitCount, a }, drawn) => {
        const picks = drawn.map((run) => (a.length === 0 ? [] : run.map((place) => place % a.length)))
        const expected = picks.flatMap((run) =>
          onesPerBit(
            run.map((row) => a[row]),
            bitCount,
          ),
        )
        expect(await bitsOf(a, bitCount, picks)).toEqual(expected)
      }),
    )
  })

  test('countFlips counts the picked pairs of rows that differ in each bit', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, places, places, async ({ bitCount, a, b }, some, others) => {
        const pairs = a.length === 0 || b.length === 0 ? 0 : Math.min(some.length, others.length)
        const picksA = some.slice(0, pairs).map((place) => place % a.length)
        const picksB = others.slice(0, pairs).map((place) => place % b.length)
        const flips = kernels.countFlips(
          await share(a, bitCount),
          Int32Array.from(picksA),
          await share(b, bitCount),
          Int32Array.from(picksB),
        )
        const differing = picksA.map((row, i) => a[row].map((bit, j) => bit !== b[picksB[i]][j]))
        expect([...flips]).toEqual(onesPerBit(differing, bitCount))
      }),
    )
  })

  test('10,000 rows, forwards, backwards and all equal', async () => {
    const rows = randomRows(10_000, 65, 20)
    const order = [...rows.keys()]
    const ones = onesPerBit(rows, 65)
    const runs = [order, order.toReversed(), order.slice(1)]
    const first = rows[0].map(Number)
    expect(await bitsOf(rows, 65, runs)).toEqual([...ones, ...ones, ...ones.map((c, i) => c - first[i])])
    const equal = new Array<Bits>(10_000).fill(new Array<boolean>(9).fill(true))
    expect(await bitsOf(equal, 9, [order])).toEqual(new Array<number>(9).fill(10_000))
  })

  test('10,000 rows against their complements: every bit flips in every row', async () => {
    const rows = randomRows(10_000, 63, 21)
    const complements = rows.map((row) => row.map((bit) => !bit))
    const picks = Int32Array.from(rows.keys())
    const flips = kernels.countFlips(await share(rows, 63), picks, await share(complements, 63), picks)
    expect(flips).toEqual(new Uint32Array(63).fill(10_000))
  })

  test('64,000 bits', async () => {
    const rows = randomRows(11, 64_000, 22)
    const run = [...rows.keys()]
    expect(await bitsOf(rows, 64_000, [run])).toEqual(onesPerBit(rows, 64_000))
  })
})
