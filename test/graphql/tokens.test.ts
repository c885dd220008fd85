import { TensorProto_DataType } from 'onnx-buf'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestDatasetImport } from '#atlas/src/jobs/commands/requestDatasetImport.js'
import { addNetwork, addPartition, storeBytes } from '../support/atlas.ts'
import { buildModel, node, uniform } from '../support/onnx.ts'
import { text } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'

/** As GPT-2's vocabulary writes them. */
const VOCABULARY = ['<|endoftext|>', 'The', 'Ġcat', 'Ġsat', 'Ġon', 'Ġthe', 'Ġmat', '.', 'Ã', '©']
const SENTENCES = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [0, 1, 6, 3, 4, 5, 2, 7],
  [0, 8, 9, 2, 7, 0, 0, 0],
]
const random = uniform(9)
const embedding = Array.from({ length: VOCABULARY.length * 3 }, () => Math.fround(2 * random() - 1))

/** Relu of three numbers a token. */
const net = buildModel({
  inputs: { ids: ['N', 8] },
  inputType: TensorProto_DataType.INT64,
  initializers: { embedding: { shape: [VOCABULARY.length, 3], values: embedding } },
  nodes: [node('Gather', ['embedding', 'ids'], 'e'), node('Relu', ['e'], 'scores')],
  outputs: ['scores'],
})
const codeOf = (id: number) => text(embedding.slice(3 * id, 3 * id + 3).map((value) => value > 0))

/** An NPY file of int64. */
function npy(rows: readonly (readonly number[])[]): Buffer {
  const header = `{'descr': '<i8', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`
  const start = Buffer.from(`\x93NUMPY\x01\x00  ${header}\n`, 'latin1')
  start.writeUInt16LE(header.length + 1, 8)
  return Buffer.concat([start, Buffer.from(BigInt64Array.from(rows.flat(), BigInt).buffer)])
}

const atlas = useAtlas({ partitions: ['mlp-a/0@points'] })

async function importTokens(name: string, vocabulary: unknown, rows = SENTENCES): Promise<void> {
  await requestDatasetImport(atlas.db, {
    name,
    file: await storeBytes(atlas.db, npy(rows)),
    vocabulary: vocabulary ? await storeBytes(atlas.db, Buffer.from(JSON.stringify(vocabulary))) : null,
    ...{ labels: null, classNames: null, shape: null, scale: null, labelColumn: null },
  })
  await runJobs(atlas.db)
}

beforeAll(async () => {
  await importTokens('cats', VOCABULARY)
  await addNetwork(atlas.db, 'reader', net)
  await addPartition(atlas.db, 'reader/0@cats~positions:1+1')
  await runJobs(atlas.db)
})

describe('a dataset of token sequences', () => {
  it('has values, tokens and a readable text', async () => {
    const query = `{ dataset(name: "cats") { shape vocabularySize inputs { nodes { values text image
      tokens { index text } } } } }`
    const texts = ['<|endoftext|>The cat sat on the mat.', '<|endoftext|>The mat sat on the cat.']
    expect(await atlas.ask(query)).toEqual({
      dataset: {
        shape: [8],
        vocabularySize: 10,
        inputs: {
          nodes: SENTENCES.map((ids, i) => ({
            values: ids,
            text: texts[i] ?? `<|endoftext|>é cat.${'<|endoftext|>'.repeat(3)}`,
            image: null,
            tokens: ids.map((id) => ({
              index: id,
              text: id >= 8 ? '\uFFFD' : VOCABULARY[id].replace('Ġ', ' '),
            })),
          })),
        },
      },
    })
  })

  it('is cut into regions whose members name their token', async () => {
    const query = `{ network(name: "reader") { inputType exactness approximations }
      partition(path: "reader/0@cats~positions:1+1") { regions { nodes { code { bits } members {
        edges { position place token { index text } node { index } } } } } } }`
    const token = z.object({ index: z.number(), text: z.string() })
    const edge = z.object({
      position: z.number(),
      place: z.array(z.number()),
      token,
      node: z.object({ index: z.number() }),
    })
    const regions = z.array(
      z.object({ code: z.object({ bits: z.string() }), members: z.object({ edges: z.array(edge) }) }),
    )
    const { network, partition } = z
      .object({
        network: z.object({ inputType: z.string(), exactness: z.string() }),
        partition: z.object({ regions: z.object({ nodes: regions }) }),
      })
      .parse(await atlas.ask(query))
    expect(network).toEqual({ inputType: 'INT64', exactness: 'APPROXIMATE' })
    let sites = 0
    for (const { code, members } of partition.regions.nodes) {
      for (const { position, place, token, node } of members.edges) {
        sites++
        expect(place).toEqual([position])
        expect(token.index).toBe(SENTENCES[node.index][position])
        expect(code.bits).toBe(codeOf(token.index))
      }
    }
    expect(sites).toBe(3 * 7)
  })

  it('says nothing of tokens without a vocabulary', async () => {
    const query = '{ dataset(name: "points") { vocabularySize input(index: 0) { text tokens { index } } } }'
    expect(await atlas.ask(query)).toEqual({
      dataset: { vocabularySize: null, input: { text: null, tokens: null } },
    })
  })

  it('is refused with a vocabulary that lacks its ids', async () => {
    await expect(importTokens('short', VOCABULARY.slice(0, 5))).rejects.toThrow(/no token 5/)
    expect(await atlas.ask('{ dataset(name: "short") { id } }')).toEqual({ dataset: null })
    expect(await atlas.db.prisma.token.count()).toBe(VOCABULARY.length)
  })

  it('may come without one, but only as whole numbers', async () => {
    await importTokens('bare', null)
    await addPartition(atlas.db, 'reader/0@bare')
    await runJobs(atlas.db)
    await addNetwork(
      atlas.db,
      'six',
      buildModel({
        inputs: { ids: ['N', 6] },
        inputType: TensorProto_DataType.INT64,
        initializers: { embedding: { shape: [VOCABULARY.length, 3], values: embedding } },
        nodes: [node('Gather', ['embedding', 'ids'], 'e'), node('Relu', ['e'], 'scores')],
        outputs: ['scores'],
      }),
    )
    await addPartition(atlas.db, 'six/0@points')
    await expect(runJobs(atlas.db)).rejects.toThrow(/reads whole numbers/)
  })
})
