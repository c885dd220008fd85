import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toFloat16 } from '#atlas/compute/onnx/float16.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, sql, type Database } from '#atlas/src/store/database.js'
import { runJobs } from '../graphql/support/atlas.ts'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { arePositive, sampleTensors, tapGates } from '../support/taps.ts'

const assets = join(import.meta.dirname, '..', '..', '..', 'shared', 'assets')
const IMAGES = 50
const SIDE = 32

/** The first CIFAR-10 test images, channel by channel, 0 to 255. */
function cifarImages(): Float32Array[] {
  const lines = readFileSync(join(assets, 'cifar', 'eran_cifar10_test100.csv'), 'utf8')
    .trim()
    .split('\n')
  return lines.slice(0, IMAGES).map((line) => {
    const pixels = line.split(',').slice(1).map(Number)
    const area = SIDE * SIDE
    return Float32Array.from(pixels, (_, i) => pixels[(i % area) * 3 + Math.floor(i / area)])
  })
}

/** Each pixel a square of so many, less the mean colour. */
function enlarged(image: Float32Array, times: number): Float32Array {
  const side = SIDE * times
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / side / side), Math.floor(i / side) % side, i % side]
    return image[(channel * SIDE + Math.floor(y / times)) * SIDE + Math.floor(x / times)] - 118
  })
}

describe.skipIf(!existsSync(assets))('positions of real networks', () => {
  const { url } = useDatabase()
  let db: Database

  beforeAll(async () => {
    db = openDatabase(url)
    await prepareQueue(db)
  })

  afterAll(() => db.close())

  /** The bits of a partition's sites of one input, by position. */
  async function bitsOf(partitionId: number, input: number): Promise<{ position: number; bits: string }[]> {
    const rows = await db.query<{ position: number; bits: Buffer; count: number }>(
      sql`select m.position, c.bits, c.bit_count as count from membership m
          join region r on r.partition_id = m.partition_id and r.index = m.region
          join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
          where m.partition_id = ${partitionId} and m.input_index = ${input} order by m.position`,
    )
    return rows.map(({ position, bits, count }) => ({
      position,
      bits: Array.from({ length: count }, (_, i) => (bits[i >> 3] >> (i & 7)) & 1).join(''),
    }))
  }

  async function partition(path: string) {
    const { partitionId } = await addPartition(db, path)
    await runJobs(db)
    const row = await db.prisma.partition.findUniqueOrThrow({ where: { id: partitionId } })
    const [{ sites }] = await db.query<{ sites: number }>(
      sql`select sum(member_count)::int4 as sites from region where partition_id = ${partitionId}`,
    )
    expect(sites).toBe(row.siteCount)
    return row
  }

  it('cuts three layers of SqueezeNet by position over 50 images', async () => {
    const images = cifarImages().map((image) => enlarged(image, 7))
    const bytes = readFileSync(join(assets, 'vision', 'SqueezeNet_fp16.onnx'))
    await addNetwork(db, 'squeezenet', bytes)
    await addDataset(db, 'images', Float32Array.from(images.flatMap((image) => [...image])), 3 * 224 * 224)
    const checked = [0, 49]
    const { samples } = await tapGates(
      bytes,
      checked.map((i) => new Tensor('float16', toFloat16(images[i]), [1, 3, 224, 224])),
    )
    for (const [layer, positions, units] of [
      [0, 12_321, 64],
      [9, 729, 32],
      [28, 169, 1000],
    ]) {
      const { id, siteCount, bitCount } = await partition(`squeezenet/${layer}@images~positions`)
      expect({ siteCount, bitCount }).toEqual({ siteCount: IMAGES * positions, bitCount: units })
      for (const [row, input] of checked.entries()) {
        const positive = arePositive(samples[row][layer])
        const sites = await bitsOf(id, input)
        expect(sites).toHaveLength(positions)
        const wrong = sites.filter(
          ({ position, bits }) =>
            bits !==
            Array.from({ length: units }, (_, u) => Number(positive[u * positions + position])).join(''),
        )
        expect(wrong).toEqual([])
      }
    }
    const { siteCount } = await partition('squeezenet/0@images~positions:6160')
    expect(siteCount).toBe(IMAGES)
  }, 240_000)

  it('cuts a vision transformer by token, and leaves out the first', async () => {
    const images = cifarImages().map((image) => image.map((pixel) => pixel / 255))
    const bytes = readFileSync(join(assets, 'vit', 'ibp_3_3_8.onnx'))
    const values = Float32Array.from(images.flatMap((image) => [...image]))
    await addNetwork(db, 'vit', bytes)
    await addDataset(db, 'small', values, 3 * SIDE * SIDE)
    const { samples } = await tapGates(bytes, sampleTensors(values, [1, 3, SIDE, SIDE]))
    for (const [path, positions] of [
      ['vit/1@small~positions', 17],
      ['vit/1@small~positions:1+1', 16],
    ] as const) {
      const { id, siteCount } = await partition(path)
      expect(siteCount).toBe(IMAGES * positions)
      for (let input = 0; input < IMAGES; input++) {
        const positive = arePositive(samples[input][1])
        for (const { position, bits } of await bitsOf(id, input))
          expect(bits).toBe(
            positive
              .slice(position * 96, (position + 1) * 96)
              .map(Number)
              .join(''),
          )
      }
    }
  }, 120_000)
})
