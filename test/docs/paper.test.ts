import { describe, expect, it } from 'vitest'
import { above, below, exactlyAbove, exactlyBelow, verdictOf } from '#atlas/scripts/paper/check.js'
import type { Claim } from '#atlas/scripts/paper/claim.js'
import { semanticBoundaries } from '#atlas/scripts/paper/claims/semanticBoundaries.js'
import { difference, share } from '#atlas/scripts/paper/estimate.js'
import { pageOf, picturesOf } from '#atlas/scripts/paper/page.js'
import { draw } from '#atlas/scripts/paper/plot/index.js'
import { ticksOf } from '#atlas/scripts/paper/plot/scale.js'
import { number } from '#atlas/scripts/paper/text.js'

const estimate = (low: number, mean: number, high: number) => ({ low, mean, high })

describe('checks', () => {
  it('hold where the whole interval lies on the right side', () => {
    expect(above('', estimate(0.1, 1, 2)).outcome).toBe('yes')
    expect(above('', estimate(-0.1, 1, 2)).outcome).toBe('open')
    expect(above('', estimate(-3, -2, -1)).outcome).toBe('opposite')
    expect(below('', estimate(0, 1, 2), 3).outcome).toBe('yes')
    expect(below('', estimate(0, 1, 2), 2).outcome).toBe('open')
    expect(below('', estimate(4, 5, 6), 3).outcome).toBe('opposite')
    expect(exactlyAbove('', 1, 1).outcome).toBe('opposite')
    expect(exactlyBelow('', 0, 1).outcome).toBe('yes')
  })

  it.each([
    [['yes', 'yes'], 'supported'],
    [['yes', 'opposite'], 'partly supported'],
    [['open', 'opposite'], 'contradicted'],
    [['open', 'open'], 'not supported'],
  ] as const)('%j make the verdict %s', (outcomes, verdict) => {
    const checks = outcomes.map((outcome) => ({ statement: '', measured: '', outcome }))
    expect(verdictOf(checks)).toBe(verdict)
  })

  it('count a difference as wide as the two can be apart, and a share of none as uncertain', () => {
    expect(difference(estimate(3, 4, 5), estimate(0, 1, 2))).toEqual(estimate(1, 3, 5))
    // Wilson: of 10 none, up to z² / (10 + z²).
    const { low, mean, high } = share(Array.from({ length: 10 }, () => false))
    expect([low, mean]).toEqual([0, 0])
    expect(high).toBeCloseTo(1.96 ** 2 / (10 + 1.96 ** 2), 12)
  })
})

const checkpoint = (step: number, within: number, between: number) => {
  const group = (kind: string, mean: number) => {
    const density = estimate(mean - 0.1, mean, mean + 0.1)
    return { kind, boundaryDensity: density, endpointDensity: density }
  }
  const groups = { nodes: [group('WITHIN', within), group('BETWEEN', between)] }
  return { step, network: { segmentSets: { nodes: [{ groups }] } } }
}
const densities = (members: object[]) => [{ series: { members } }]

describe('a claim', () => {
  it('is judged by the numbers of the answer alone', () => {
    const verdictFor = (...members: object[]) => verdictOf(semanticBoundaries.read(densities(members)).checks)
    expect(verdictFor(checkpoint(0, 4, 4), checkpoint(9, 2, 3))).toBe('supported')
    expect(verdictFor(checkpoint(0, 4, 6), checkpoint(9, 2, 3))).toBe('partly supported')
    expect(verdictFor(checkpoint(0, 4, 4), checkpoint(9, 3, 2))).toBe('contradicted')
    expect(verdictFor(checkpoint(0, 4, 5), checkpoint(9, 3, 3))).toBe('contradicted')
  })

  it('refuses an answer of another shape', () => {
    expect(() => semanticBoundaries.read([{ series: null }])).toThrow()
  })
})

const claim: Claim = {
  title: 'Lines grow (always)',
  section: '3.2',
  says: 'They do.',
  questions: [{ query: 'neighbors' }, { query: 'neighbors', variables: { input: 'mnist/1' } }],
  read: () => ({
    blocks: [
      'A paragraph.',
      { columns: ['a', 'b'], rows: [['1', '2']] },
      {
        file: 'growth',
        plot: {
          kind: 'line',
          title: 'Growth',
          description: 'It grows.',
          xLabel: 'x',
          yLabel: 'y',
          xTicks: [
            { x: 0, label: 'zero' },
            { x: 10, label: 'ten' },
          ],
          series: [
            {
              name: 'one',
              points: [
                { x: 0, y: 0 },
                { x: 5, y: 2, low: 1, high: 3 },
              ],
            },
          ],
        },
      },
    ],
    checks: [above('Growth above 0', estimate(1, 2, 3))],
  }),
}

describe('the page', () => {
  const found = [{ claim, finding: claim.read([]) }]

  it('says what was asked, what came out, and what follows', () => {
    const page = pageOf(found, 'pictures')
    expect(page).toContain('| [Lines grow (always)](#lines-grow-always) | 3.2 | supported |')
    expect(page).toContain('**The paper** (section 3.2): They do.')
    expect(page).toContain('**Asked with** [`neighbors.graphql`](../examples/queries/neighbors.graphql)\n')
    expect(page).toContain('| a | b |\n| --- | --- |\n| 1 | 2 |')
    expect(page).toContain('![Growth. It grows.](pictures/growth.svg)')
    expect(page).toContain('| Growth above 0 | 2 (1 to 3), bound 0 | yes |')
    expect(page).toContain('**Verdict: supported.**')
    expect(pageOf([{ claim: { ...claim, section: null }, finding: found[0].finding }], '')).toContain(
      '**Not in the paper**: They do.',
    )
  })

  it('has its pictures, the same whenever they are drawn', () => {
    const [[file, picture], ...others] = picturesOf(found)
    expect(file).toBe('growth.svg')
    expect(others).toEqual([])
    expect(picturesOf(found).get(file)).toBe(picture)
    // The area is 72 to 704 wide, ticks 24 inside of it, and 56 to 304 high for 0 to 3: half way along, 2 of 3 up.
    expect(picture).toContain('<circle class="s0" cx="388" cy="138.67" r="3"/>')
    expect(picture).toContain('points="96,304 388,56 388,221.33 96,304"')
  })
})

describe('plots', () => {
  it('draw bars from 0 with their whiskers, and escape what they are called', () => {
    const svg = draw({
      kind: 'bar',
      title: 'a < b & "c"',
      description: 'Two bars.',
      yLabel: 'bits',
      series: ['measured'],
      groups: [
        { label: 'up', values: [estimate(1, 2, 4)] },
        { label: 'down', values: [-2] },
      ],
    })
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title desc">/)
    expect(svg).toContain('<title id="title">a &lt; b &amp; &quot;c&quot;</title>')
    expect(svg).toContain('<desc id="desc">Two bars.</desc>')
    expect(svg).toContain('prefers-color-scheme:dark')
    // -2 to 4 over 248 pixels: 0 at 221.33, 2 at 138.67; two places of 316 pixels, 70 % filled.
    expect(svg).toContain('<rect class="s0" x="120.4" y="138.67" width="219.2" height="82.67"/>')
    expect(svg).toContain('<rect class="s0" x="436.4" y="221.33" width="219.2" height="82.67"/>')
    expect(svg.match(/class="whisker" d="[^"]*"/g)).toEqual([
      'class="whisker" d="M225 56.00h10M230 56.00V180.00M225 180.00h10"',
    ])
  })

  it('have round ticks around the values, also where all are equal', () => {
    expect(ticksOf(0, 3)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3])
    expect(ticksOf(0, 0.89)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(ticksOf(-2, 4)).toEqual([-2, -1, 0, 1, 2, 3, 4])
    expect(ticksOf(0, 0)).toEqual([0, 0.2])
  })

  it('refuse more series than there are colours', () => {
    const series = ['a', 'b', 'c', 'd', 'e', 'f']
    const bars = { kind: 'bar', title: '', description: '', yLabel: '', series, groups: [] } as const
    expect(() => draw(bars)).toThrow('at most 5')
  })
})

it('numbers have four digits', () => {
  expect([10_000, 0.050_44, 1234.567, 0.000_001_23, -0.5].map(number)).toEqual([
    '10,000',
    '0.05044',
    '1,235',
    '1.2e-6',
    '-0.5',
  ])
})
