import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addNetwork } from '../support/atlas.ts'
import { buildMlp } from '../support/onnx.ts'
import { useAtlas } from './support/atlas.ts'
import { addTraining, CREATE_SERIES, names, seriesInput, steps } from './support/training.ts'

const atlas = useAtlas({ partitions: [] })
const members = names.map((name, index) => ({ index, step: steps[index], network: { name } }))

beforeAll(async () => {
  await addTraining(atlas, [])
  await addNetwork(atlas.db, 'leaky', buildMlp({ sizes: [6, 16, 10, 4], leaky: 0.1 }))
  await addNetwork(atlas.db, 'wider', buildMlp({ sizes: [6, 17, 10, 4] }))
  await addNetwork(atlas.db, 'deeper', buildMlp({ sizes: [6, 16, 10, 10, 4] }))
})

const create = (input: object) => atlas.codeOf(CREATE_SERIES, { input: { ...seriesInput('new'), ...input } })

describe('a series', () => {
  it('is found by name, path and id, with its networks in order', async () => {
    const query = `{ series(name: "run") { id path description members { index step network { name } } }
      entity(path: "run") { id ... on Series { name } } seriesList { totalCount nodes { name } } }`
    const answer = z
      .object({ series: z.looseObject({ id: z.string() }), entity: z.unknown(), seriesList: z.unknown() })
      .parse(await atlas.ask(query))
    const { id } = answer.series
    expect(answer).toEqual({
      series: { id, path: 'run', description: 'Three steps.', members },
      entity: { id, name: 'run' },
      seriesList: { totalCount: 1, nodes: [{ name: 'run' }] },
    })
    expect(await atlas.ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).toEqual({
      node: { __typename: 'Series', id },
    })
    expect(await atlas.ask('{ series(name: "none") { id } entity(path: "run/0") { id } }')).toEqual({
      series: null,
      entity: null,
    })
  })

  it('is told by the networks that it holds', async () => {
    const query = '{ held: network(name: "half") { ...S } free: network(name: "leaky") { ...S } } '
    const fragment = 'fragment S on Network { series { totalCount nodes { name } } }'
    expect(await atlas.ask(query + fragment)).toEqual({
      held: { series: { totalCount: 1, nodes: [{ name: 'run' }] } },
      free: { series: { totalCount: 0, nodes: [] } },
    })
  })
})

describe('createSeries', () => {
  it.each(['run', 'mlp-a', 'points'])('says NAME_TAKEN for %s', async (name) => {
    expect(await create({ name })).toBe('NAME_TAKEN')
  })

  it('takes its name from networks too', async () => {
    await expect(addNetwork(atlas.db, 'run', buildMlp({ sizes: [2, 3, 2] }))).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining('belongs to a series'),
    })
  })

  it('says BAD_NAME and UNKNOWN_NETWORK', async () => {
    expect(await create({ name: 'No name' })).toBe('BAD_NAME')
    const unknown = [
      { network: 'mlp-a', step: 0 },
      { network: 'points', step: 1 },
    ]
    expect(await create({ members: unknown })).toBe('UNKNOWN_NETWORK')
  })

  it.each([
    ['one network', [['half', 0]]],
    ['a network twice', [['half', 0], ['done', 1], ['half', 2]]], // prettier-ignore
    ['equal steps', [['half', 5], ['done', 5]]], // prettier-ignore
    ['falling steps', [['half', 6], ['done', 5]]], // prettier-ignore
    ['a step below 0', [['half', -1], ['done', 5]]], // prettier-ignore
    ['1,001 networks', Array.from({ length: 1001 }, (_, i) => [`n-${i}`, i])],
  ])('says BAD_ARGUMENT for %s', async (_, given) => {
    expect(await create({ members: given.map(([network, step]) => ({ network, step })) })).toBe(
      'BAD_ARGUMENT',
    )
  })

  it.each(['leaky', 'wider', 'deeper'])('says DIFFERENT_LAYERS for mlp-a and %s', async (other) => {
    const members = [
      { network: 'mlp-a', step: 0 },
      { network: other, step: 1 },
    ]
    expect(await create({ members })).toBe('DIFFERENT_LAYERS')
  })
})

describe('deleting', () => {
  it('a network is refused while a series holds it, and the series leaves its networks', async () => {
    const removeNetwork = 'mutation { deleteNetwork(name: "half") { name } }'
    expect(await atlas.errorsOf(removeNetwork)).toEqual([
      {
        code: 'IN_USE',
        message:
          'The series "run" holds the network "half": delete the series first, which leaves its networks.',
        path: ['deleteNetwork'],
      },
    ])
    const { series } = z
      .object({ series: z.object({ id: z.string() }) })
      .parse(await atlas.ask('{ series(name: "run") { id } }'))
    const remove = 'mutation { deleteSeries(name: "run") { name deletedId } }'
    expect(await atlas.ask(remove)).toEqual({ deleteSeries: { name: 'run', deletedId: series.id } })
    expect(await atlas.codeOf(remove)).toBe('UNKNOWN_SERIES')
    expect(await atlas.ask('{ series(name: "run") { id } network(name: "half") { name } }')).toEqual({
      series: null,
      network: { name: 'half' },
    })
    expect(await atlas.ask(removeNetwork)).toEqual({ deleteNetwork: { name: 'half' } })
  })
})
