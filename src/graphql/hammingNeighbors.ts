import { AtlasError } from '../../compute/errors.ts'
import type { Sql } from '../store/database.ts'
import { existing } from '../store/existing.ts'
import type { RegionRow } from '../store/models.ts'
import type { NeighborRow } from '../store/neighbors.ts'
import type { Asked } from './asked.ts'
import { connectionOf, firstOf, readConnection } from './connection.ts'
import type { Context } from './context.ts'
import { partitionOf, type CodeKey } from './lookup.ts'
import type { RegionNeighborConnectionModel, RegionNeighborEdgeModel } from './models.ts'
import { checkDistance, type NeighborArguments } from './neighborArguments.ts'
import { regionColumnsAsked } from './regionsAsked.ts'

/** The regions nearest to one by Hamming distance. Throws BAD_FIRST, TOO_MANY_REQUESTED, BAD_ARGUMENT. */
export async function hammingNeighbors(
  region: RegionRow,
  args: NeighborArguments,
  context: Context,
  asked: Asked,
): Promise<RegionNeighborConnectionModel> {
  const first = firstOf(args)
  const maxDistance = checkDistance(args.maxDistance)
  if (args.after != null)
    throw new AtlasError(
      'BAD_ARGUMENT',
      'HAMMING neighbours have no further pages: leave out after, and ask for a larger first.',
    )
  // Within a distance one more than asked says whether there are more; else all others are neighbours.
  const wanted = {
    region,
    columns: regionColumnsAsked(asked),
    maxDistance,
    first: maxDistance === null ? first : first + 1,
  }
  return readConnection(
    asked,
    async () => {
      const near = await findNeighbors(wanted, context)
      const hasNextPage =
        maxDistance === null
          ? asked.has('pageInfo') && (await othersOf(region, context)) > first
          : near.length > first
      return connectionOf(asked, {
        edges: near.slice(0, first).map((neighbor) => new HammingEdge(neighbor)),
        nodeOf: ({ node }) => node,
        hasNextPage,
        hasPreviousPage: false,
      })
    },
    async () => {
      if (maxDistance === null) return othersOf(region, context)
      const partition = await partitionOf(region, context.loaders)
      return context.scans.countRegionsWithin({ partition, region: region.index, maxDistance })
    },
  )
}

/** How many other regions the partition of a region has. */
async function othersOf(region: RegionRow, { loaders }: Context): Promise<number> {
  return (await partitionOf(region, loaders)).regionCount - 1
}

interface Wanted {
  region: RegionRow
  /** Of each neighbour. */
  columns: Sql
  first: number
  maxDistance: number | null
}

/** From the stored neighbours where they are conclusive, else by a scan. */
async function findNeighbors(wanted: Wanted, context: Context): Promise<NeighborRow[]> {
  const { region, columns, first, maxDistance } = wanted
  const { loaders, scans } = context
  const stored = await loaders.neighbors([region.partitionId, region.index, first], columns)
  const near = maxDistance === null ? stored : stored.filter(({ distance }) => distance <= maxDistance)
  if (stored.length === first || near.length < stored.length) return near
  const partition = await partitionOf(region, loaders)
  if (stored.length > 0 && stored.length === partition.regionCount - 1) return near
  const found = await scans.nearestRegions({ partition, region: region.index, first, maxDistance })
  return Promise.all(
    found.map(async ({ region: index, distance }) => ({
      ...existing(await loaders.region.load([region.partitionId, index])),
      distance,
    })),
  )
}

/** A neighbour by Hamming distance. */
class HammingEdge implements RegionNeighborEdgeModel {
  readonly node: NeighborRow
  readonly distance: number
  readonly layer = null
  readonly unit = null
  readonly position = null
  readonly offset = null

  constructor(neighbor: NeighborRow) {
    this.node = neighbor
    this.distance = neighbor.distance
  }

  get region(): NeighborRow {
    return this.node
  }

  get across(): CodeKey {
    return this.node
  }

  get cursor(): string {
    return Buffer.from(JSON.stringify([this.distance, this.node.index])).toString('base64url')
  }
}
