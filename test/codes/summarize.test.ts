import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanLabelEntropy, summarizeRegions } from '#atlas/compute/codes/index.js'

describe('summarizeRegions', () => {
  it('describes a hand-worked example', () => {
    const regionOfSite = Int32Array.of(0, 1, 0, 0, 1)
    const labels = [7, 3, 7, 2, -1]
    const margins = Float32Array.of(0.5, 0.25, 2, 1, 0.25)
    const summary = summarizeRegions(regionOfSite, 2, (site) => labels[site], margins)
    expect([...summary.memberCounts]).toEqual([3, 2])
    expect([...summary.exemplars]).toEqual([2, 1])
    expect([...summary.margins]).toEqual([0.5, 0.25])
    expect(summary.distinctLabels).toEqual([[2, 7], [3]])
    expect(summary.labelCounts).toEqual([[1, 2], [1]])
    expect([...summary.labels]).toEqual([7, 3])
    expect(summary.labelEntropies[0]).toBeCloseTo(0.9182958340544896, 12)
    expect(summary.labelEntropies[1]).toBe(0)
    expect(summary.purities[0]).toBeCloseTo(2 / 3, 15)
    expect(meanLabelEntropy(summary)).toBeCloseTo((3 / 5) * 0.9182958340544896, 12)
  })

  it('breaks ties to the smaller label and the first site', () => {
    const summary = summarizeRegions(Int32Array.of(0, 0), 1, (site) => 5 - site, Float32Array.of(1, 1))
    expect(summary.labels[0]).toBe(4)
    expect(summary.exemplars[0]).toBe(0)
    expect(summary.labelEntropies[0]).toBe(1)
  })

  it('has no label statistics without labels', () => {
    const summary = summarizeRegions(Int32Array.of(0), 1, () => -1, Float32Array.of(1))
    expect([summary.labels[0], summary.labelEntropies[0], summary.purities[0]]).toEqual([-1, 0, 1])
  })

  it('agrees with a plain tally', () => {
    const sites = fc.array(
      fc.record({ region: fc.nat(5), label: fc.integer({ min: -1, max: 4 }), margin: fc.nat(100) }),
    )
    fc.assert(
      fc.property(sites, (rows) => {
        const summary = summarizeRegions(
          Int32Array.from(rows, (row) => row.region),
          6,
          (site) => rows[site].label,
          Float32Array.from(rows, (row) => row.margin),
        )
        for (let region = 0; region < 6; region++) {
          const members = rows.filter((row) => row.region === region)
          expect(summary.memberCounts[region]).toBe(members.length)
          if (members.length === 0) continue
          expect(summary.margins[region]).toBe(Math.min(...members.map((row) => row.margin)))
          expect(rows[summary.exemplars[region]].margin).toBe(Math.max(...members.map((row) => row.margin)))
          const counts = [-1, 0, 1, 2, 3, 4].map(
            (label) => members.filter((row) => row.label === label).length,
          )
          for (const [i, label] of summary.distinctLabels[region].entries())
            expect(summary.labelCounts[region][i]).toBe(counts[label + 1])
          expect(summary.labelCounts[region].reduce((a, b) => a + b, 0)).toBe(members.length - counts[0])
        }
      }),
    )
  })
})
