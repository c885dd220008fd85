/** The clusters in which units fire, counted on the spot. */
import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { readRegionOfSites } from '../../store/memberships.ts'
import type { ClusteringRow, DatasetRow, LayerRow, PartitionRow } from '../../store/models.ts'
import { positionsIn } from '../../store/positions.ts'
import { readClusterOfRegions } from '../../store/readClusters.ts'
import { countFirings } from './countFirings.ts'
import { groupQuestions } from './groupQuestions.ts'

/** Counts in memory at most, clusters x bits of a layer: 128 MiB. */
const MAX_COUNTS = 2 ** 24

/** A unit, and the clusters of a partition of the same network and dataset, whose span has its layer. */
export interface UnitQuestion {
  unit: number
  layer: LayerRow
  dataset: DatasetRow
  partition: PartitionRow
  clustering: ClusteringRow
  first: number
}

/** A cluster in which a unit fires. */
export interface UnitCluster {
  clusteringId: number
  cluster: number
  /** Share of the cluster's places at which it fires. */
  firingRate: number
  /** Share of the places at which it fires that are in the cluster. */
  share: number
}

/**
 * Of each unit the clusters in which it fires, by falling firing rate, then share, then number. Units of one layer share
 * a pass over its codes.
 *
 * @throws AtlasError TOO_LARGE
 */
export async function clustersOfUnits(
  db: Database,
  questions: readonly UnitQuestion[],
): Promise<UnitCluster[][]> {
  const answers = questions.map((): UnitCluster[] => [])
  for (const group of groupQuestions(questions, ({ clustering, layer }) => [clustering.id, layer.index])) {
    const [{ layer, dataset, partition, clustering }] = group
    const { id: clusteringId, clusterCount } = clustering
    checkSize(clusterCount, layer)
    const clusters = await clusterOfPlaces(db, partition, clustering, layer)
    const bits = await countFirings(db, layer, dataset, clusterCount, (place) => clusters[place])
    // A computed partition has stored the codes of its layers.
    if (!bits) continue
    const { sizes } = bits
    for (const { place, unit, first } of group) {
      const fires = bits.setBy(unit * layer.bitsPerUnit)
      const all = fires.reduce((sum, count) => sum + count, 0)
      answers[place] = Array.from({ length: clusterCount }, (_, cluster) => ({
        ...{ clusteringId, cluster },
        firingRate: fires[cluster] / sizes[cluster],
        share: fires[cluster] / all,
      }))
        .filter(({ firingRate }) => firingRate > 0)
        .sort((x, y) => y.firingRate - x.firingRate || y.share - x.share || x.cluster - y.cluster)
        .slice(0, first)
    }
  }
  return answers
}

function checkSize(clusterCount: number, { unitCount, bitsPerUnit }: LayerRow): void {
  if (clusterCount * unitCount * bitsPerUnit <= MAX_COUNTS) return
  throw new AtlasError(
    'TOO_LARGE',
    `${clusterCount} clusters of ${unitCount} units are more than can be counted at once: cluster with a greater ` +
      'minClusterSize, which makes fewer.',
  )
}

/** The cluster of every place of a layer, input x position; -1 for noise, and where the partition has no site. */
async function clusterOfPlaces(
  db: Database,
  partition: PartitionRow,
  { id }: ClusteringRow,
  { positionCount }: LayerRow,
): Promise<Int32Array> {
  const [regions, clusters] = await Promise.all([
    readRegionOfSites(db, partition.id),
    readClusterOfRegions(db, id, partition.regionCount),
  ])
  const whole = partition.granularity === 'WHOLE_INPUT'
  const positions = whole ? [0] : positionsIn(partition, positionCount)
  const inputs = regions.length / positions.length
  const places = new Int32Array(inputs * positionCount).fill(-1)
  regions.forEach((region, site) => {
    const input = Math.floor(site / positions.length)
    const first = input * positionCount
    if (whole) places.fill(clusters[region], first, first + positionCount)
    else places[first + positions[site % positions.length]] = clusters[region]
  })
  return places
}
