import { describe, expect, it } from 'vitest'
import { packedDistances } from '#atlas/compute/compare/siteDistances.js'
import { hamming, packRows, RAGGED_BITS, randomRows } from '../support/reference.ts'

describe('packedDistances', () => {
  it.each(RAGGED_BITS.filter((bits) => bits > 0))('counts differing bits of rows of %i', (bits) => {
    const [a, b] = [randomRows(70, bits, 1), randomRows(70, bits, 2)]
    const distances = packedDistances({ a: packRows(a), b: packRows(b), sites: 70 })
    expect([...distances]).toEqual(a.map((row, site) => hamming(row, b[site])))
  })

  it('goes over rows that no tile holds at once', () => {
    // A tile is a mebibyte: 16 sites of 2^19 bits.
    const bytes = 2 ** 16
    const sites = 37
    const a = new Uint8Array(sites * bytes)
    const b = a.slice()
    for (let site = 0; site < sites; site++)
      for (let i = 0; i < site; i++) b[(site + 1) * bytes - 1 - i] = 0b101
    expect([...packedDistances({ a, b, sites })]).toEqual(
      Array.from({ length: sites }, (_, site) => 2 * site),
    )
  })
})
