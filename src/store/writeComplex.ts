import { AtlasError } from '../../compute/errors.ts'
import { copyInto, ROWS_A_FLUSH } from './copy.ts'
import { copyOut } from './copyOut.ts'
import { sql, type Database, type Transaction } from './database.ts'
import { float64Bytes } from './float64.ts'
import { codeWriterLock } from './locks.ts'
import { writeCodes, type CodeColumns } from './writeCodes.ts'

/** Explored regions as columns, one entry a region, with the regions found from them. */
export interface ExploredColumns extends CodeColumns {
  complete: Uint8Array
  /** count x axes */
  centers: Float64Array
  inradii: Float64Array
  /** count x entries of a map */
  maps: Float64Array
  /** count x singular values of a map */
  singularValues: Float64Array
  /** count + 1 */
  starts: Int32Array
  sources: Int32Array
  neighbors: Int32Array
  distances: Float64Array
  fresh: FoundColumns
}

/** Regions found and not explored, as columns. */
export interface FoundColumns {
  count: number
  /** count x ceil(bitCount / 8) bytes */
  codes: Uint8Array
  /** count x axes */
  points: Float64Array
}

/**
 * Adds explored regions to a complex and moves its frontier on, all at once: a killed job loses what it had not written
 * yet and repeats nothing.
 *
 * @param first number of the first region: as many as the complex has
 * @throws AtlasError SUPERSEDED where another attempt has written meanwhile; DELETED_MEANWHILE; CODE_COLLISION
 */
export async function writeExplored(
  db: Database,
  complex: { id: number; bitCount: number },
  first: number,
  regions: ExploredColumns,
): Promise<void> {
  const { id } = complex
  await db.transaction(async (tx) => {
    await tx.query(codeWriterLock)
    const found = await lockCounts(tx, id, first)
    await writeCodes(tx, complex.bitCount, regions)
    await copyRegions(tx, complex, first, regions)
    await copyFrontier(tx, id, found, regions.fresh)
    const explored = first + regions.count
    await tx.query(sql`delete from complex_frontier where complex_id = ${id} and index < ${explored}`)
    const undecided = regions.complete.reduce((count, complete) => count + 1 - complete, 0)
    await tx.query(
      sql`update complex set region_count = ${explored}, undecided_count = undecided_count + ${undecided}::int4,
            frontier_count = ${found + regions.fresh.count - explored}
          where id = ${id}`,
    )
  })
}

/** Puts the region from which to explore on the frontier of a complex that has none yet. */
export async function writeStart(db: Database, id: number, start: FoundColumns): Promise<void> {
  await db.transaction(async (tx) => {
    if ((await lockCounts(tx, id, 0)) > 0) return
    await copyFrontier(tx, id, 0, start)
    await tx.query(sql`update complex set frontier_count = ${start.count} where id = ${id}`)
  })
}

/** Locks the complex; answers how many regions were found so far. */
async function lockCounts(tx: Transaction, id: number, explored: number): Promise<number> {
  const rows = await tx.query<{ regionCount: number; frontierCount: number }>(
    sql`select region_count as "regionCount", frontier_count as "frontierCount" from complex where id = ${id}
        for no key update`,
  )
  const row = rows.at(0)
  if (!row)
    throw new AtlasError('DELETED_MEANWHILE', 'The complex was deleted while its regions were enumerated.')
  if (row.regionCount !== explored)
    throw new AtlasError('SUPERSEDED', 'Another attempt at this enumeration has gone on meanwhile.')
  return row.regionCount + row.frontierCount
}

const REGION_COLUMNS = [
  'complex_id',
  'index',
  'code_hash',
  'bit_count',
  'complete',
  'center',
  'inradius',
  'degree',
  'sources',
  'neighbors',
  'distances',
  'map',
  'singular_values',
]

async function copyRegions(
  tx: Transaction,
  { id, bitCount }: { id: number; bitCount: number },
  first: number,
  regions: ExploredColumns,
): Promise<void> {
  const { count, starts, sources } = regions
  const axes = regions.centers.length / count
  const entries = regions.maps.length / count
  const values = regions.singularValues.length / count
  await copyInto(tx, 'complex_region', REGION_COLUMNS, async (rows) => {
    for (let i = 0; i < count; i++) {
      const [from, to] = [starts[i], starts[i + 1]]
      const own = sources.subarray(from, to)
      rows.row()
      rows.int4(id)
      rows.int4(first + i)
      rows.bytes(regions.hashes.subarray(16 * i, 16 * i + 16))
      rows.int4(bitCount)
      rows.bool(regions.complete[i] === 1)
      rows.bytes(float64Bytes(regions.centers.subarray(i * axes, (i + 1) * axes)))
      rows.float8(regions.inradii[i])
      rows.int4(own.reduce((degree, source) => degree + Number(source >= 0), 0))
      rows.int4Array(own)
      rows.int4Array(regions.neighbors.subarray(from, to))
      rows.float8Array(regions.distances.subarray(from, to))
      rows.bytes(float64Bytes(regions.maps.subarray(i * entries, (i + 1) * entries)))
      rows.bytes(float64Bytes(regions.singularValues.subarray(i * values, (i + 1) * values)))
      if (i % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}

async function copyFrontier(
  tx: Transaction,
  id: number,
  first: number,
  { count, codes, points }: FoundColumns,
): Promise<void> {
  if (count === 0) return
  const bytes = codes.length / count
  const axes = points.length / count
  await copyInto(tx, 'complex_frontier', ['complex_id', 'index', 'bits', 'point'], async (rows) => {
    for (let i = 0; i < count; i++) {
      rows.row()
      rows.int4(id)
      rows.int4(first + i)
      rows.bytes(codes.subarray(i * bytes, (i + 1) * bytes))
      rows.bytes(float64Bytes(points.subarray(i * axes, (i + 1) * axes)))
      if (i % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}

/** Codes of the explored regions of a complex, in order. */
export async function* readExploredCodes(db: Database, id: number): AsyncGenerator<Buffer> {
  const query = `select c.bits from complex_region r
    join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
    where r.complex_id = ${id} order by r.index`
  for await (const [bits] of copyOut(db, query)) if (bits) yield bits
}

/** Codes and points of the frontier of a complex, in order. */
export async function* readFrontier(db: Database, id: number): AsyncGenerator<readonly [Buffer, Buffer]> {
  const query = `select bits, point from complex_frontier where complex_id = ${id} order by index`
  for await (const [bits, point] of copyOut(db, query)) if (bits && point) yield [bits, point]
}
