import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createDataset } from '#atlas/src/store/createDataset.js'
import { forwardMlp } from '../support/onnx.ts'
import { text } from '../support/reference.ts'
import { useAtlas } from './support/atlas.ts'
import { labels, mlps, samples, spanBits, tokenBits } from './support/reference.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points', 'tokens/0@points~positions'] })

/** Stores one sample; bytes are U8, numbers F32. */
async function storeSample(
  name: string,
  shape: number[],
  values: Uint8Array | number[],
  scale = 1,
): Promise<void> {
  const isBytes = values instanceof Uint8Array
  const data = isBytes ? values : new Uint8Array(Float32Array.from(values).buffer)
  const source = {
    shape,
    elementType: isBytes ? ('U8' as const) : ('F32' as const),
    scale,
    classNames: [],
    sha256: () => 'e'.repeat(64),
    async *samples() {
      yield { data, rows: 1, labels: null }
    },
  }
  await createDataset(atlas.db, name, source, () => undefined)
}

const input = z.object({
  dataset: z.object({
    input: z.object({
      label: z.number().nullable(),
      values: z.array(z.number()),
      image: z.string().nullable(),
    }),
  }),
})

async function readInput(name: string, index = 0) {
  const query =
    'query ($name: String!, $index: Int!) { dataset(name: $name) { input(index: $index) { label values image } } }'
  return input.parse(await atlas.ask(query, { name, index })).dataset.input
}

async function pixelsOf(url: string | null) {
  const png = Buffer.from((url ?? '').replace('data:image/png;base64,', ''), 'base64')
  const { width, height, channels } = await sharp(png).metadata()
  const pixels = await sharp(png)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer()
  return { pixels: [...pixels], width, height, channels }
}

describe('an input', () => {
  it('has the values that the networks get', async () => {
    for (const index of [0, 49, 50, 119]) {
      const { values, label } = await readInput('points', index)
      expect(values).toEqual(samples[index])
      expect(label).toBe(labels[index])
    }
  })

  it('has its stored bytes scaled', async () => {
    await storeSample('bytes', [3], Uint8Array.of(0, 51, 255), 1 / 255)
    expect((await readInput('bytes')).values).toEqual([0, Math.fround(51 / 255), 1])
    expect((await readInput('bytes')).label).toBeNull()
  })

  it('is predicted as the network computes, ties aside', async () => {
    const query = `{ dataset(name: "points") { inputs(first: 200) { nodes { prediction(network: "mlp-a") { label scores } } } } }`
    const { dataset } = z
      .object({
        dataset: z.object({
          inputs: z.object({
            nodes: z.array(
              z.object({ prediction: z.object({ label: z.number(), scores: z.array(z.number()) }) }),
            ),
          }),
        }),
      })
      .parse(await atlas.ask(query))
    for (const [i, { prediction }] of dataset.inputs.nodes.entries()) {
      const { scores } = forwardMlp(mlps['mlp-a'], samples[i])
      expect(prediction.label).toBe(scores.indexOf(Math.max(...scores)))
      for (const [j, score] of prediction.scores.entries()) expect(score).toBeCloseTo(scores[j], 5)
    }
  })

  it('has no prediction by a network that never ran on it, or that there is not', async () => {
    const query = (network: string) =>
      `{ dataset(name: "points") { input(index: 3) { prediction(network: "${network}") { label } } } }`
    expect(await atlas.codeOf(query('mlp-b'))).toBe('NOT_COMPUTED')
    expect(await atlas.codeOf(query('none'))).toBe('UNKNOWN_NETWORK')
  })

  it('lies in the region with its code, by position', async () => {
    const query = `query ($whole: ID!, $position: ID!) { dataset(name: "points") { inputs(first: 200) { nodes {
      whole: region(partition: $whole) { code { bits } } other: region(partition: $whole, position: 1) { index }
      first: region(partition: $position) { code { bits } } second: region(partition: $position, position: 1) { code { bits } }
    } } } }`
    const id = (key: number) => Buffer.from(`Partition:${key}`).toString('base64url')
    const codes = spanBits(mlps['mlp-a'], 0, 1)
    expect(await atlas.ask(query, { whole: id(1), position: id(2) })).toEqual({
      dataset: {
        inputs: {
          nodes: codes.map((code, i) => ({
            whole: { code: { bits: text(code) } },
            other: null,
            first: { code: { bits: text(tokenBits[i][0]) } },
            second: { code: { bits: text(tokenBits[i][1]) } },
          })),
        },
      },
    })
    expect(
      await atlas.codeOf(
        `{ dataset(name: "points") { input(index: 3) { region(partition: "${id(9)}") { index } } } }`,
      ),
    ).toBe('UNKNOWN_PARTITION')
  })
})

describe('the image of an input', () => {
  const bytes = Uint8Array.from({ length: 12 }, (_, i) => 20 * i)

  beforeAll(async () => {
    await storeSample('grey', [3, 4], bytes)
    await storeSample('grey-first', [1, 3, 4], bytes)
    await storeSample('grey-last', [2, 6, 1], bytes)
    await storeSample('colour-first', [3, 2, 2], bytes)
    await storeSample('colour-last', [2, 2, 3], bytes)
    await storeSample('floats', [2, 2], [0, 0.5, 1, 0.25])
    await storeSample('beyond', [2, 2], [0, 0.5, 1.01, 0.25])
    await storeSample('below', [2, 2], [0, 0.5, 1, -0.01])
    await storeSample('line', [12], bytes)
    await storeSample('four', [4, 3, 1, 1], bytes)
    await storeSample('many', [2, 3, 2], bytes)
  })

  it('shows bytes as they are, in grey or colour, channels first or last', async () => {
    const grey = { pixels: [...bytes], channels: 1 }
    for (const name of ['grey', 'grey-first'])
      expect(await pixelsOf((await readInput(name)).image)).toEqual({ ...grey, height: 3, width: 4 })
    expect(await pixelsOf((await readInput('grey-last')).image)).toEqual({ ...grey, height: 2, width: 6 })
    const interleaved = [0, 1, 2, 3].flatMap((pixel) => [0, 4, 8].map((plane) => bytes[plane + pixel]))
    expect(await pixelsOf((await readInput('colour-first')).image)).toMatchObject({
      pixels: interleaved,
      channels: 3,
    })
    expect(await pixelsOf((await readInput('colour-last')).image)).toMatchObject({
      pixels: [...bytes],
      channels: 3,
    })
  })

  it('shows numbers from 0 to 1 as black to white, and none beyond', async () => {
    expect((await pixelsOf((await readInput('floats')).image)).pixels).toEqual([0, 128, 255, 64])
    expect((await readInput('beyond')).image).toBeNull()
    expect((await readInput('below')).image).toBeNull()
  })

  it('is null for shapes that are none', async () => {
    for (const name of ['line', 'four', 'many']) expect((await readInput(name)).image).toBeNull()
  })
})

describe('the regions of an input', () => {
  const page = z.object({
    entity: z.object({
      regions: z.object({
        totalCount: z.number(),
        nodes: z.array(
          z.object({ partition: z.object({ path: z.string() }), code: z.object({ bits: z.string() }) }),
        ),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    }),
  })
  const ask = async (variables: Record<string, unknown> = {}) =>
    page.parse(
      await atlas.ask(
        `query ($first: Int, $after: String, $filter: InputRegionFilter) { entity(path: "points/7") { ... on Input {
          regions(first: $first, after: $after, filter: $filter) { totalCount pageInfo { hasNextPage endCursor }
            nodes { partition { path } code { bits } } } } } }`,
        variables,
      ),
    ).entity.regions
  const whole = { path: 'mlp-a/0..1@points', code: text(spanBits(mlps['mlp-a'], 0, 1)[7]) }
  const tokens = tokenBits[7].map((bits) => ({ path: 'tokens/0..0@points~positions', code: text(bits) }))
  const flat = ({ nodes }: Awaited<ReturnType<typeof ask>>) =>
    nodes.map(({ partition, code }) => ({ path: partition.path, code: code.bits }))

  it('are those of every network, by position where positions are sites', async () => {
    const found = await ask()
    expect(flat(found)).toEqual([whole, ...tokens])
    expect(found.totalCount).toBe(3)
  })

  it('come page by page', async () => {
    const { pageInfo, ...first } = await ask({ first: 2 })
    expect(pageInfo.hasNextPage).toBe(true)
    const second = await ask({ first: 2, after: pageInfo.endCursor })
    expect([...flat({ ...first, pageInfo }), ...flat(second)]).toEqual([whole, ...tokens])
    expect(second.pageInfo.hasNextPage).toBe(false)
  })

  it.each([
    [{ networks: ['tokens', 'none'] }, tokens],
    [{ networks: [] }, []],
    [{ toLayer: 1 }, [whole]],
    [{ fromLayer: 0, granularity: 'PER_POSITION', position: 1 }, [tokens[1]]],
    [{ position: 0 }, [whole, tokens[0]]],
  ])('meet the filter %j', async (filter, expected) => {
    const found = await ask({ filter })
    expect(flat(found)).toEqual(expected)
    expect(found.totalCount).toBe(expected.length)
  })
})
