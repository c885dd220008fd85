import { kernels, shareRows } from '../../../compute/kernels/index.ts'
import type { Database } from '../../store/database.ts'
import type { ClusterRow, LayerRow, PartitionRow } from '../../store/models.ts'
import { readSelectedCodes, type RegionSelection } from '../../store/regionCodes.ts'
import { spanLayers, unitAt } from '../../store/span.ts'

/** A bit of a unit, and the shares of regions inside and outside of a cluster that have it on. */
export interface DistinguishingBit {
  layer: number
  unit: number
  position: number
  bit: number
  inside: number
  outside: number
}

interface Question {
  partition: PartitionRow
  /** All layers of the partition's network. */
  layers: readonly LayerRow[]
  cluster: ClusterRow
  /** Bits wanted at most. */
  first: number
}

/**
 * The bits by which a cluster differs most from the partition's other regions: see `Cluster.distinguishingBits`. Reads all
 * codes of the partition, about 8 MiB at a time.
 */
export async function distinguishingBits(
  db: Database,
  { partition, layers, cluster, first }: Question,
): Promise<DistinguishingBit[]> {
  const { clusteringId, index, regionCount } = cluster
  const inside = await countOn(db, partition, { by: 'cluster', clusteringId, index })
  const all = await countOn(db, partition, { by: 'all' })
  const others = partition.regionCount - regionCount
  const insideOf = (bit: number) => inside[bit] / regionCount
  const outsideOf = (bit: number) => (others === 0 ? 0 : (all[bit] - inside[bit]) / others)
  const difference = all.map((_, bit) => Math.abs(insideOf(bit) - outsideOf(bit)))
  const order = Uint32Array.from(all.keys()).sort((x, y) => difference[y] - difference[x] || x - y)
  const span = spanLayers(partition, layers)
  return Array.from(order.subarray(0, first), (place) => ({
    ...unitAt(place, span),
    inside: insideOf(place),
    outside: outsideOf(place),
  }))
}

/** How many of the selected regions have each bit on. */
async function countOn(
  db: Database,
  partition: PartitionRow,
  selection: RegionSelection,
): Promise<Float64Array> {
  const counts = new Float64Array(partition.bitCount)
  for await (const { codes, rows } of readSelectedCodes(db, partition, selection)) {
    const shared = await shareRows(codes, rows, partition.bitCount)
    const found = kernels().countBits(
      shared,
      Int32Array.from({ length: rows }, (_, i) => i),
      Int32Array.of(0, rows),
    )
    found.forEach((count, bit) => (counts[bit] += count))
  }
  return counts
}
