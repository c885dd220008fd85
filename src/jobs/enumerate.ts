import { z } from 'zod'
import { hash128, popcounts } from '../../compute/codes/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { concatNumbers } from '../../compute/floats.ts'
import {
  exploreRegions,
  runGeometry,
  Search,
  type ExploredRegions,
  type NetworkFile,
} from '../../compute/geometry/index.ts'
import type { Database } from '../store/database.ts'
import { float64Values } from '../store/float64.ts'
import { createLoaders } from '../store/loaders.ts'
import type { ComplexRow } from '../store/models.ts'
import { readExploredCodes, readFrontier, writeExplored, writeStart } from '../store/writeComplex.ts'
import { createNetworkFiles } from './direct/networkFiles.ts'
import { everySecond } from './everySecond.ts'
import { defineTask, type JobContext } from './task.ts'

/** Enumerates the regions of a complex, on from where it is, up to its limit. Counts regions. */
export const enumerateTask = defineTask({
  kind: 'enumerate',
  payload: z.object({ complexId: z.int() }),
  async run(context, { complexId }) {
    const { db, signal } = context
    const loaders = createLoaders(db)
    const complex = await loaders.complexById.load([complexId])
    const network = complex && (await loaders.networkById.load([complex.networkId]))
    if (!network) throw new AtlasError('DELETED_MEANWHILE', 'The complex was deleted before its job began.')
    const file = await createNetworkFiles(db).load(network)
    const search = await resume(db, complex, file, signal)
    const explorer = exploreRegions(
      { network: file, ...placeOf(complex), limit: complex.regionLimit },
      search,
      signal,
    )
    await store(context, complex, search, explorer)
  },
})

/** Where to look. */
function placeOf({ toLayer, lower, upper }: ComplexRow) {
  const box = { lower: float64Values(lower), upper: float64Values(upper) }
  return { toLayer, box }
}

/** A search that knows what is stored; where nothing is, one region from which to explore is stored first. */
async function resume(
  db: Database,
  complex: ComplexRow,
  network: NetworkFile,
  signal: AbortSignal,
): Promise<Search> {
  const { id, bitCount } = complex
  const search = new Search(bitCount)
  if (complex.regionCount + complex.frontierCount === 0) {
    const start = await runGeometry('start', { network, ...placeOf(complex) }, signal)
    if (!start)
      throw new AtlasError(
        'NO_REGION',
        'No point of the box lies in a region that float64 can tell from a flat one: choose a larger box, or one elsewhere.',
      )
    await writeStart(db, id, start)
    search.addFrontier(start)
    return search
  }
  for await (const codes of blocksOf(readExploredCodes(db, id)))
    search.addExplored(Buffer.concat(codes), codes.length)
  for await (const rows of blocksOf(readFrontier(db, id)))
    search.addFrontier({
      count: rows.length,
      codes: Buffer.concat(rows.map(([bits]) => bits)),
      points: float64Values(Buffer.concat(rows.map(([, point]) => point))),
    })
  return search
}

/** Rows in blocks, so that each costs less than a call. */
async function* blocksOf<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let block: Row[] = []
  for await (const row of rows) {
    block.push(row)
    if (block.length < 4096) continue
    yield block
    block = []
  }
  if (block.length > 0) yield block
}

/** Writes what the explorer finds. */
async function store(
  { db, progress }: JobContext,
  complex: ComplexRow,
  search: Search,
  explorer: AsyncIterable<ExploredRegions>,
): Promise<void> {
  const write = (blocks: ExploredRegions[]) =>
    writeExplored(db, complex, blocks[0].first, columnsOf(blocks, complex.bitCount))
  await everySecond(write, async (add) => {
    for await (const regions of explorer) {
      await add(regions)
      await progress(regions.first + regions.count, Math.min(complex.regionLimit, search.found))
    }
  })
}

/** Explored regions one after the other, as the store takes them. */
function columnsOf(blocks: readonly ExploredRegions[], bitCount: number) {
  const count = blocks.reduce((sum, block) => sum + block.count, 0)
  const bytes = (part: (block: ExploredRegions) => Uint8Array) => concatNumbers(Uint8Array, blocks.map(part))
  const doubles = (part: (block: ExploredRegions) => Float64Array) =>
    concatNumbers(Float64Array, blocks.map(part))
  const integers = (part: (block: ExploredRegions) => Int32Array) =>
    concatNumbers(Int32Array, blocks.map(part))
  const codes = bytes((block) => block.codes)
  const stride = codes.length / count
  return {
    count,
    codes,
    hashes: hash128(codes, stride, count, bitCount),
    activeBitCounts: popcounts(codes, stride, count),
    complete: bytes(({ complete }) => complete),
    centers: doubles(({ centers }) => centers),
    inradii: doubles(({ inradii }) => inradii),
    maps: doubles(({ maps }) => maps),
    singularValues: doubles(({ singularValues }) => singularValues),
    starts: joinStarts(blocks.map(({ starts }) => starts)),
    sources: integers(({ sources }) => sources),
    neighbors: integers(({ neighbors }) => neighbors),
    distances: doubles(({ distances }) => distances),
    fresh: {
      count: blocks.reduce((sum, { fresh }) => sum + fresh.count, 0),
      codes: bytes(({ fresh }) => fresh.codes),
      points: doubles(({ fresh }) => fresh.points),
    },
  }
}

/** Places where each region's facets begin, counted on from block to block. */
function joinStarts(blocks: readonly Int32Array[]): Int32Array {
  const starts = [0]
  for (const block of blocks) {
    const before = starts[starts.length - 1]
    for (const start of block.subarray(1)) starts.push(before + start)
  }
  return Int32Array.from(starts)
}
