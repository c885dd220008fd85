import { AtlasError } from '../../compute/errors.ts'
import type { NearRegion } from '../jobs/direct/nearestRegions.ts'
import { existing } from '../store/existing.ts'
import type { PartitionRow, RegionRow } from '../store/models.ts'
import { connectionOf, firstOf } from './connection.ts'
import type { Context } from './context.ts'
import { partitionOf } from './lookup.ts'
import type { RegionNeighborConnectionModel, RegionNeighborEdgeModel } from './models.ts'
import { checkDistance, type NeighborArguments } from './neighborArguments.ts'

/** The regions nearest to one by Hamming distance. Throws BAD_FIRST, TOO_MANY_REQUESTED, BAD_ARGUMENT. */
export async function hammingNeighbors(
  region: RegionRow,
  args: NeighborArguments,
  context: Context,
): Promise<RegionNeighborConnectionModel> {
  const first = firstOf(args)
  const maxDistance = checkDistance(args.maxDistance)
  if (args.after != null)
    throw new AtlasError(
      'BAD_ARGUMENT',
      'HAMMING neighbours have no further pages: leave out after, and ask for a larger first.',
    )
  const partition = await partitionOf(region, context.loaders)
  const ball = { partition, region: region.index, maxDistance }
  return connectionOf(
    async () => {
      const others = partition.regionCount - 1
      // Within a distance one more than asked says whether there are more; else all others are neighbours.
      const wanted = maxDistance === null ? first : first + 1
      const near = await findNeighbors({ ...ball, first: wanted }, context)
      const hasNextPage = maxDistance === null ? others > first : near.length > first
      return { edges: await toEdges(region, near.slice(0, first), context), hasNextPage }
    },
    (edge) => edge.region,
    false,
    async () =>
      maxDistance === null
        ? partition.regionCount - 1
        : context.scans.countRegionsWithin({ ...ball, maxDistance }),
  )
}

interface Wanted {
  partition: PartitionRow
  region: number
  first: number
  maxDistance: number | null
}

/** From the stored neighbours where they are conclusive, else by a scan. */
async function findNeighbors(wanted: Wanted, { loaders, scans }: Context): Promise<NearRegion[]> {
  const { partition, region, first, maxDistance } = wanted
  const others = partition.regionCount - 1
  const stored = partition.neighborCount ?? 0
  const mayDo = stored >= Math.min(first, others) || (stored > 0 && maxDistance !== null)
  if (mayDo) {
    const rows = await loaders.neighbors.load([partition.id, region, Math.min(stored, first)])
    const near = rows
      .filter(({ distance }) => maxDistance === null || distance <= maxDistance)
      .map(({ neighbor, distance }) => ({ region: neighbor, distance }))
    if (rows.length >= Math.min(first, others) || near.length < rows.length) return near
  }
  return scans.nearestRegions(wanted)
}

async function toEdges(
  { partitionId }: RegionRow,
  near: readonly NearRegion[],
  { loaders }: Context,
): Promise<RegionNeighborEdgeModel[]> {
  const rows = await Promise.all(near.map(({ region }) => loaders.region.load([partitionId, region])))
  return near.map(({ region, distance }, i) => {
    const row = existing(rows[i])
    return {
      cursor: Buffer.from(JSON.stringify([distance, region])).toString('base64url'),
      region: row,
      codeHash: row.codeHash,
      bitCount: row.bitCount,
      distance,
      ...{ layer: null, unit: null, position: null, offset: null },
    }
  })
}
