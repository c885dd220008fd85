import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LabelledBits } from '#atlas/compute/codes/index.js'
import { packRows, raggedRows } from '../support/reference.ts'

it('counts set bits by label, in any pieces', async () => {
  const cut = fc.integer({ min: 1, max: 7 })
  await fc.assert(
    fc.asyncProperty(
      raggedRows(1),
      fc.infiniteStream(fc.integer({ min: -1, max: 3 })),
      cut,
      async (found, stream, step) => {
        const { bitCount, rows } = found
        const labels = rows.map(() => stream.next().value ?? -1)
        const bits = new LabelledBits(bitCount, 4)
        for (let from = 0; from < rows.length; from += step)
          await bits.add(
            packRows(rows.slice(from, from + step)),
            Int32Array.from(labels.slice(from, from + step)),
          )
        const count = (keep: (row: number) => boolean) =>
          [0, 1, 2, 3, -1].map((label) => rows.filter((_, row) => labels[row] === label && keep(row)).length)
        expect([...bits.sizes]).toEqual(count(() => true))
        for (let bit = 0; bit < bitCount; bit++)
          expect([...bits.setBy(bit)]).toEqual(count((row) => rows[row][bit]))
      },
    ),
    { numRuns: 40 },
  )
})
