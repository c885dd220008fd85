import diagnostics from 'node:diagnostics_channel'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCodesOfPartitions, readSelectedCodes } from '#atlas/src/store/regionCodes.js'
import { writePartition } from '#atlas/src/store/writePartition.js'
import { useAtlas } from './support/atlas.ts'

const MEBIBYTE = 1 << 20
const atlas = useAtlas({ partitions: [] })

interface Stored {
  id: number
  regionCount: number
  bitCount: number
  codes: Buffer
}

/** A partition of regions whose codes have this many bytes, all different, with one input each. */
async function storePartition(layer: number, regionCount: number, bytes: number): Promise<Stored> {
  const bitCount = 8 * bytes
  const common = {
    networkId: 1,
    datasetId: 1,
    fromLayer: layer,
    toLayer: layer,
    granularity: 'WHOLE_INPUT' as const,
  }
  const { id } = await atlas.db.prisma.partition.create({
    data: { ...common, bitCount, siteCount: regionCount },
  })
  const rows = Array.from({ length: regionCount }, (_, i) => {
    const code = Buffer.alloc(bytes, 17 * layer)
    code.writeUInt16LE(i)
    return code
  })
  const column = (value: (i: number) => number) => rows.map((_, i) => value(i))
  const hashes = rows.map((row) => createHash('md5').update(`${layer}`).update(row).digest())
  await writePartition(
    atlas.db,
    { id, bitCount, labelEntropy: 0 },
    {
      count: regionCount,
      hashes: Buffer.concat(hashes),
      codes: Buffer.concat(rows),
      memberCounts: column(() => 1),
      activeBitCounts: column(() => 0),
      exemplarInputs: column((i) => i),
      exemplarPositions: column(() => 0),
      labels: column((i) => i % 2),
      distinctLabels: rows.map((_, i) => [i % 2]),
      labelCounts: rows.map(() => [1]),
      labelEntropies: column(() => 0),
      purities: column(() => 1),
      margins: column(() => 1),
    },
    {
      positions: [0],
      regions: Int32Array.from(column((i) => i)),
      margins: new Float32Array(regionCount),
    },
  )
  return { id, regionCount, bitCount, codes: Buffer.concat(rows) }
}

async function countStatements(run: () => Promise<unknown>): Promise<number> {
  let count = 0
  const listen = () => void count++
  diagnostics.subscribe('atlas:sql', listen)
  await run().finally(() => diagnostics.unsubscribe('atlas:sql', listen))
  return count
}

describe('codes of regions', () => {
  const partitions: Stored[] = []

  beforeAll(async () => {
    partitions.push(await storePartition(0, 5, MEBIBYTE), await storePartition(1, 300, 2))
    partitions.push(await storePartition(2, 11, MEBIBYTE), await storePartition(3, 3, 9 * MEBIBYTE))
  })

  it('come whole, of small partitions together and of large ones in pieces', async () => {
    for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [2, 2], [1], []]) {
      const wanted = order.map((i) => partitions[i])
      const read = await readCodesOfPartitions(atlas.db, wanted)
      expect(read.map((codes, i) => codes.equals(wanted[i].codes))).toEqual(wanted.map(() => true))
    }
    expect(await countStatements(() => readCodesOfPartitions(atlas.db, partitions.slice(0, 2)))).toBe(1)
    expect(await countStatements(() => readCodesOfPartitions(atlas.db, [partitions[3]]))).toBe(3)
  })

  it('come by a statement each, of partitions with very many regions', async () => {
    const wanted = [3, 1, 0, 1, 2].map((i) => partitions[i])
    const read = () => readCodesOfPartitions(atlas.db, wanted, 11)
    expect((await read()).map((codes, i) => codes.equals(wanted[i].codes))).toEqual(wanted.map(() => true))
    // Partitions 1 (twice) and 2 by themselves; 27 MiB of 3 and 5 of 0 in pieces of 8 MiB, or of one region.
    expect(await countStatements(read)).toBe(3 + 3 + 1)
  })

  it('are selected by region, input and label in pieces of bounded size', async () => {
    const [, , partition] = partitions
    const indicesOf = async (selection: Parameters<typeof readSelectedCodes>[2]) => {
      const found: number[] = []
      for await (const { codes, rows } of readSelectedCodes(atlas.db, partition, selection)) {
        expect(codes.length).toBe(rows * MEBIBYTE)
        expect(rows).toBeLessThanOrEqual(8)
        for (let row = 0; row < rows; row++) found.push(codes.readUInt16LE(row * MEBIBYTE))
      }
      return found.sort((a, b) => a - b)
    }
    expect(await indicesOf({ by: 'regions', indices: [9, 2, 2, 10] })).toEqual([2, 9, 10])
    expect(await indicesOf({ by: 'inputs', indices: [0, 8] })).toEqual([0, 8])
    expect(await indicesOf({ by: 'label', label: 1 })).toEqual([1, 3, 5, 7, 9])
    expect(await indicesOf({ by: 'label', label: 2 })).toEqual([])
  })
})
