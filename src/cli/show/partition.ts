import type { PartitionRow } from '../../store/models.ts'
import { regionOrders } from '../../store/regions.ts'
import { count, decimal, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { partitionView, regionView, type PartitionView } from '../views.ts'
import type { Answer } from './answer.ts'
import { topLabels } from './labels.ts'

const SHOWN_REGIONS = 10

/** A partition with its biggest regions. */
export async function partitionAnswer({ loaders }: AtlasCli, row: PartitionRow): Promise<Answer> {
  const partition = await partitionView(loaders, row)
  const dataset = await loaders.datasetById.load([row.datasetId])
  const page = await loaders.regionsOfPartition.page([row.id], {
    first: SHOWN_REGIONS,
    order: regionOrders.MEMBER_COUNT_DESC,
  })
  const regions = page.rows.map((entry) => regionView(partition, entry))
  const rows = regions.map((region) => [
    region.path,
    region.memberCount,
    region.activeBitCount,
    decimal(region.purity),
    topLabels(region.labelCounts, dataset?.classNames ?? [], 3),
  ])
  return {
    document: { kind: 'partition', ...partition, biggestRegions: regions },
    text: sections(
      partitionSummary(partition),
      rows.length === 0
        ? null
        : section('Biggest regions', table(['path', 'members', 'active bits', 'purity', 'labels'], rows)),
    ),
  }
}

/** The numbers of a partition, one a line. */
export function partitionSummary(partition: PartitionView): string {
  const computed = partition.computedAt !== null
  return fields([
    ['partition', partition.path],
    ['granularity', partition.granularity === 'PER_POSITION' ? 'one code a position' : 'one code an input'],
    ['bits', partition.bitCount],
    [
      'exact',
      partition.exact ? null : 'no: a smooth gate has no boundary, its bit is the side of a threshold',
    ],
    ['sites', partition.siteCount],
    ['regions', computed ? partition.regionCount : 'not computed'],
    ['label entropy', computed ? `${decimal(partition.labelEntropy)} bits` : null],
    ['neighbours', partition.neighborCount === null ? null : `${partition.neighborCount} a region`],
    ['facets', partition.polytopeCount === 0 ? null : `of ${count(partition.polytopeCount)} regions`],
    ['computed', partition.computedAt && moment(partition.computedAt)],
  ])
}
