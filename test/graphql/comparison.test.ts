import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { forwardMlp, type MlpOptions } from '../support/onnx.ts'
import { group, hamming, text } from '../support/reference.ts'
import { useAtlas } from './support/atlas.ts'
import { allPages } from './support/paging.ts'
import { INPUT_COUNT, mlps, regionsOf, samples, spanBits } from './support/reference.ts'

const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-b/0..1@points', 'mlp-a/1@points'],
  comparisons: [
    ['mlp-a/0..1@points', 'mlp-b/0..1@points'],
    ['mlp-a/1@points', 'mlp-a/0..1@points'],
  ],
})

const a = spanBits(mlps['mlp-a'], 0, 1)
const b = spanBits(mlps['mlp-b'], 0, 1)
const toId = (type: string, key: number) => Buffer.from(`${type}:${key}`).toString('base64url')
const inputs = Array.from({ length: INPUT_COUNT }, (_, i) => i)

async function compare(selection: string, left = 1, right = 2): Promise<unknown> {
  const query = `query ($a: ID!, $b: ID!) { comparison(a: $a, b: $b) { ${selection} } }`
  const data = await atlas.ask(query, { a: toId('Partition', left), b: toId('Partition', right) })
  return z.object({ comparison: z.unknown() }).parse(data).comparison
}

/** Entropy in bits of what `key` says of an input. */
function entropy(key: (input: number) => string): number {
  const counts = new Map<string, number>()
  for (const input of inputs) counts.set(key(input), (counts.get(key(input)) ?? 0) + 1)
  return [...counts.values()].reduce((sum, n) => sum - (n / INPUT_COUNT) * Math.log2(n / INPUT_COUNT), 0)
}

/** H(x | y) in bits. */
function conditionalEntropy(x: number[], y: number[]): number {
  return entropy((i) => `${x[i]} ${y[i]}`) - entropy((i) => String(y[i]))
}

const predicted = (options: MlpOptions) =>
  samples.map((sample) => {
    const { scores } = forwardMlp(options, sample)
    return scores.indexOf(Math.max(...scores))
  })

describe('a comparison', () => {
  it('has the information of two brute-force groupings', async () => {
    const [x, y] = [group(a), group(b)]
    const answer = z
      .object({
        conditionalEntropyAGivenB: z.number(),
        conditionalEntropyBGivenA: z.number(),
        variationOfInformation: z.number(),
        agreement: z.number(),
        sharedCodeCount: z.number(),
        siteCount: z.number(),
      })
      .parse(
        await compare(`conditionalEntropyAGivenB conditionalEntropyBGivenA variationOfInformation agreement
          sharedCodeCount siteCount`),
      )
    expect(answer.conditionalEntropyAGivenB).toBeCloseTo(conditionalEntropy(x, y), 9)
    expect(answer.conditionalEntropyBGivenA).toBeCloseTo(conditionalEntropy(y, x), 9)
    expect(answer.variationOfInformation).toBeCloseTo(conditionalEntropy(x, y) + conditionalEntropy(y, x), 9)
    const [p, q] = [predicted(mlps['mlp-a']), predicted(mlps['mlp-b'])]
    expect(answer.agreement).toBeCloseTo(inputs.filter((i) => p[i] === q[i]).length / INPUT_COUNT, 12)
    const codes = new Set(b.map(text))
    expect(answer.sharedCodeCount).toBe(new Set(a.map(text).filter((code) => codes.has(code))).size)
    expect(answer.siteCount).toBe(INPUT_COUNT)
  })

  it('tells its sides apart, and its metrics from the baseline', async () => {
    const metrics = `adjustedMutualInformation adjustedRandIndex hammingKernelCka distanceRankCorrelation
      variationOfInformation conditionalEntropyAGivenB conditionalEntropyBGivenA agreement`
    const answer = z
      .object({
        a: z.object({ path: z.string() }),
        b: z.object({ path: z.string() }),
        baseline: z.record(z.string(), z.number()),
      })
      .and(z.record(z.string(), z.unknown()))
      .parse(await compare(`a { path } b { path } ${metrics} baseline { ${metrics} seed }`, 3, 1))
    expect([answer.a.path, answer.b.path]).toEqual(['mlp-a/1..1@points', 'mlp-a/0..1@points'])
    const [row] = await atlas.db.prisma.comparison.findMany({ where: { aId: 3, bId: 1 } })
    const stored = z
      .object({ metrics: z.record(z.string(), z.unknown()), baseline: z.record(z.string(), z.unknown()) })
      .parse(row)
    for (const name of metrics.split(/\s+/)) {
      expect([name, answer[name]]).toEqual([name, stored.metrics[name]])
      expect([name, answer.baseline[name]]).toEqual([name, stored.baseline[name]])
    }
    expect(answer.baseline.seed).toBe(row.baselineSeed)
    // The codes of a span fix those of the layer in it; another's permuted do not.
    expect(answer.conditionalEntropyAGivenB).toBeCloseTo(0, 12)
    expect(answer.baseline.conditionalEntropyAGivenB).toBeGreaterThan(0.1)
  })

  it('answers neighborOverlap for 1 to 50 sites', async () => {
    const [row] = await atlas.db.prisma.comparison.findMany({ where: { aId: 1, bId: 2 } })
    const { neighborOverlap } = z.object({ neighborOverlap: z.array(z.number()) }).parse(row.metrics)
    expect(
      await compare(
        'one: neighborOverlap(k: 1) ten: neighborOverlap null: neighborOverlap(k: null) fifty: neighborOverlap(k: 50)',
      ),
    ).toEqual({
      one: neighborOverlap[0],
      ten: neighborOverlap[9],
      null: neighborOverlap[9],
      fifty: neighborOverlap[49],
    })
    const codeOf = (k: number) =>
      atlas.codeOf(
        `{ comparison(a: "${toId('Partition', 1)}", b: "${toId('Partition', 2)}") { neighborOverlap(k: ${k}) } }`,
      )
    expect([await codeOf(0), await codeOf(51), await codeOf(-1)]).toEqual([
      'BAD_ARGUMENT',
      'BAD_ARGUMENT',
      'BAD_ARGUMENT',
    ])
  })

  it('counts flipped bits by layer and unit where the layers are the same', async () => {
    const flips = (from: number, to: number) =>
      inputs.reduce((sum, i) => sum + hamming(a[i].slice(from, to), b[i].slice(from, to)), 0)
    const layer = (index: number, from: number, to: number) => ({
      layer: index,
      flips: flips(from, to),
      rate: flips(from, to) / (INPUT_COUNT * (to - from)),
    })
    expect(
      await compare(
        'bitFlips { total perLayer { layer flips rate } perUnit(layer: 1) { layer unit flips } }',
      ),
    ).toEqual({
      bitFlips: {
        total: flips(0, 26),
        perLayer: [layer(0, 0, 16), layer(1, 16, 26)],
        perUnit: Array.from({ length: 10 }, (_, unit) => ({
          layer: 1,
          unit,
          flips: flips(16 + unit, 17 + unit),
        })),
      },
    })
    expect(await compare('bitFlips { total }', 3, 1)).toEqual({ bitFlips: null })
    expect(
      await compare(
        'alignedBitFlips { total } baseline { bitFlips { total } alignedBitFlips { total } }',
        3,
        1,
      ),
    ).toEqual({ alignedBitFlips: null, baseline: { bitFlips: null, alignedBitFlips: null } })
  })

  it('counts the bits that differ once units are aligned, beside chance', async () => {
    const aligned = z.object({
      alignedBitFlips: z.object({
        total: z.number(),
        perLayer: z.array(z.object({ layer: z.number(), flips: z.number(), rate: z.number() })),
        perUnit: z.array(z.object({ unit: z.number(), partner: z.number(), flips: z.number() })),
      }),
      bitFlips: z.object({ total: z.number() }),
      baseline: z.object({
        bitFlips: z.object({ total: z.number() }),
        alignedBitFlips: z.object({ total: z.number(), perLayer: z.array(z.object({ rate: z.number() })) }),
      }),
      regionOverlap: z.number(),
      unmatchedMass: z.number(),
    })
    const { alignedBitFlips, bitFlips, baseline, regionOverlap, unmatchedMass } = aligned.parse(
      await compare(`alignedBitFlips { total perLayer { layer flips rate } perUnit(layer: 1) { unit partner flips } }
        bitFlips { total } baseline { bitFlips { total } alignedBitFlips { total perLayer { rate } } }
        regionOverlap unmatchedMass`),
    )
    expect(alignedBitFlips.total).toBeLessThan(bitFlips.total)
    expect(baseline.alignedBitFlips.total).toBeLessThan(baseline.bitFlips.total)
    expect(new Set(alignedBitFlips.perUnit.map(({ partner }) => partner)).size).toBe(10)
    for (const { unit, partner, flips } of alignedBitFlips.perUnit)
      expect(flips).toBe(inputs.filter((i) => a[i][16 + unit] !== b[i][16 + partner]).length)
    const [, second] = alignedBitFlips.perLayer
    expect(second.flips).toBe(alignedBitFlips.perUnit.reduce((sum, { flips }) => sum + flips, 0))
    expect(second.rate).toBeCloseTo(second.flips / (10 * INPUT_COUNT), 12)
    expect(regionOverlap + unmatchedMass).toBe(1)
    expect(regionOverlap).toBeGreaterThan(0)
  })

  it('pages through its matches from the best on, with the regions and units they name', async () => {
    const page = z.object({
      matchedRegions: z.object({
        totalCount: z.number(),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(
          z.object({
            jaccard: z.number(),
            sharedMembers: z.number(),
            a: z.object({ code: z.object({ bits: z.string() }) }),
            b: z.object({ code: z.object({ bits: z.string() }) }),
          }),
        ),
      }),
    })
    const query = `query ($a: ID!, $b: ID!, $after: String) { comparison(a: $a, b: $b) {
      matchedRegions(first: 7, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
        jaccard sharedMembers a { code { bits } } b { code { bits } } } } } }`
    const ids = { a: toId('Partition', 1), b: toId('Partition', 2) }
    const pages = await allPages(async (after) => {
      const data = await atlas.ask(query, { ...ids, after })
      return z.object({ comparison: page }).parse(data).comparison.matchedRegions
    })
    const matches = pages.flatMap(({ nodes }) => nodes)
    expect(matches).toHaveLength(pages[0].totalCount)
    expect(matches.length).toBeGreaterThan(7)
    const members = (codes: typeof a) =>
      new Map(regionsOf(codes).map((region) => [region.code, new Set(region.members)]))
    const [ofA, ofB] = [members(a), members(b)]
    for (const match of matches) {
      const left = ofA.get(match.a.code.bits) ?? new Set()
      const right = ofB.get(match.b.code.bits) ?? new Set()
      const shared = [...left].filter((input) => right.has(input)).length
      expect(match.sharedMembers).toBe(shared)
      expect(match.jaccard).toBeCloseTo(shared / (left.size + right.size - shared), 12)
    }
    const jaccards = matches.map(({ jaccard }) => jaccard)
    expect(jaccards).toEqual([...jaccards].sort((x, y) => y - x))
  })

  it('matches units by the correlation of their bits', async () => {
    const unit = z.object({ unit: z.number(), layer: z.object({ path: z.string() }) })
    const { matchedUnits } = z
      .object({
        matchedUnits: z.object({ nodes: z.array(z.object({ correlation: z.number(), a: unit, b: unit })) }),
      })
      .parse(
        await compare(
          'matchedUnits(first: 100) { nodes { correlation a { unit layer { path } } b { unit layer { path } } } }',
        ),
      )
    expect(matchedUnits.nodes.length).toBeGreaterThan(0)
    const firstBit = new Map<string, number>(
      ['mlp-a', 'mlp-b'].flatMap((name) => [0, 1].map((layer) => [`${name}/${layer}`, 16 * layer] as const)),
    )
    const column = (codes: typeof a, place: z.infer<typeof unit>) =>
      codes.map((code) => Number(code[(firstBit.get(place.layer.path) ?? Number.NaN) + place.unit]))
    for (const match of matchedUnits.nodes) {
      expect([match.a.layer.path.slice(0, 5), match.b.layer.path.slice(0, 5)]).toEqual(['mlp-a', 'mlp-b'])
      expect(match.correlation).toBeCloseTo(pearson(column(a, match.a), column(b, match.b)), 9)
    }
  })
})

/** 0 where one of the two never changes. */
function pearson(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i] - my)))
  const deviation = Math.sqrt(
    mean(x.map((value) => (value - mx) ** 2)) * mean(y.map((value) => (value - my) ** 2)),
  )
  return deviation === 0 ? 0 : covariance / deviation
}

describe('split regions', () => {
  const page = z.object({
    splits: z.object({
      totalCount: z.number(),
      nodes: z.array(
        z.object({
          region: z.object({ code: z.object({ bits: z.string() }), memberCount: z.number() }),
          ...{ partCount: z.number(), entropy: z.number(), baselineEntropy: z.number() },
          parts: z.array(
            z.object({
              region: z.object({ code: z.object({ bits: z.string() }) }),
              sharedMembers: z.number(),
            }),
          ),
        }),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  })
  const ask = async (args: string, left = 3, right = 1) =>
    page.parse(
      await compare(
        `splits(${args}) { totalCount pageInfo { hasNextPage endCursor } nodes { partCount entropy baselineEntropy
          region { code { bits } memberCount } parts { sharedMembers region { code { bits } } } } }`,
        left,
        right,
      ),
    ).splits

  /** ln of n! */
  const lnFactorial = Array.from({ length: INPUT_COUNT + 1 }, () => 0)
  for (let n = 1; n <= INPUT_COUNT; n++) lnFactorial[n] = lnFactorial[n - 1] + Math.log(n)
  const lnChoose = (n: number, k: number) => lnFactorial[n] - lnFactorial[k] - lnFactorial[n - k]

  /** Mean entropy of the regions of so many inputs drawn at random, term by term. */
  function byChance(drawn: number, sizes: readonly number[]): number {
    let sum = 0
    for (const size of sizes) {
      for (let x = Math.max(1, drawn + size - INPUT_COUNT); x <= Math.min(drawn, size); x++) {
        const ways =
          lnChoose(size, x) + lnChoose(INPUT_COUNT - size, drawn - x) - lnChoose(INPUT_COUNT, drawn)
        sum -= Math.exp(ways) * (x / drawn) * Math.log2(x / drawn)
      }
    }
    return sum
  }

  const coarse = regionsOf(spanBits(mlps['mlp-a'], 1, 1))
  const fine = regionsOf(a)
  const expected = coarse.map(({ code, members }) => {
    const parts = fine
      .map((other) => ({
        code: other.code,
        shared: other.members.filter((input) => members.includes(input)).length,
      }))
      .filter(({ shared }) => shared > 0)
    const bits = parts.reduce(
      (sum, { shared: n }) => sum - (n / members.length) * Math.log2(n / members.length),
      0,
    )
    return { code, members: members.length, parts, bits }
  })

  it('are those that the other side takes apart, most mixed first, beside chance', async () => {
    const found = await ask('first: 500')
    expect(found.totalCount).toBe(coarse.length)
    expect(found.nodes).toHaveLength(coarse.length)
    const entropies = found.nodes.map((node) => node.entropy)
    expect(entropies).toEqual([...entropies].sort((x, y) => y - x))
    const sizes = fine.map(({ members }) => members.length)
    for (const { region, partCount, entropy: bits, baselineEntropy, parts } of found.nodes) {
      const wanted = expected.find(({ code }) => code === region.code.bits)
      expect(region.memberCount).toBe(wanted?.members)
      expect(partCount).toBe(wanted?.parts.length)
      expect(bits).toBeCloseTo(wanted?.bits ?? Number.NaN, 12)
      expect(baselineEntropy).toBeCloseTo(byChance(region.memberCount, sizes), 9)
      const shared = parts.map(({ sharedMembers }) => sharedMembers)
      expect(shared).toEqual(
        (wanted?.parts ?? [])
          .map((part) => part.shared)
          .sort((x, y) => y - x)
          .slice(0, 10),
      )
      for (const part of parts)
        expect(wanted?.parts).toContainEqual({ code: part.region.code.bits, shared: part.sharedMembers })
    }
  })

  it('of a finer cut stay whole', async () => {
    const { nodes, totalCount } = await ask('side: B, first: 500')
    expect(totalCount).toBe(fine.length)
    for (const { partCount, entropy: bits } of nodes) expect([partCount, bits]).toEqual([1, 0])
  })

  it.each(['ENTROPY_DESC', 'PARTS_DESC', 'MEMBER_COUNT_DESC'])('come page by page: %s', async (orderBy) => {
    const all = await ask(`orderBy: ${orderBy}, first: 500`)
    const [first, second] = [await ask(`orderBy: ${orderBy}, first: 2`), all.nodes.slice(2, 5)]
    expect(first.pageInfo.hasNextPage).toBe(true)
    const next = await ask(`orderBy: ${orderBy}, first: 3, after: "${String(first.pageInfo.endCursor)}"`)
    expect([first.nodes, next.nodes]).toEqual([all.nodes.slice(0, 2), second])
    const other = orderBy === 'PARTS_DESC' ? 'ENTROPY_DESC' : 'PARTS_DESC'
    const wrong = `query ($a: ID!, $b: ID!) { comparison(a: $a, b: $b) {
      splits(orderBy: ${other}, after: "${String(first.pageInfo.endCursor)}") { totalCount } } }`
    const ids = { a: toId('Partition', 3), b: toId('Partition', 1) }
    expect(await atlas.codeOf(wrong, ids)).toBe('BAD_CURSOR')
  })
})
