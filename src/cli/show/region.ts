import type { DatasetRow, MemberRow, RegionRow } from '../../store/models.ts'
import { REGION_COLUMNS } from '../../store/regionColumns.ts'
import { memberOrder } from '../../store/regions.ts'
import { count, decimal } from '../format.ts'
import { findPartitionByKey, findRegion, type RegionKey } from '../resolve.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { partitionView, regionView, type PartitionView } from '../views.ts'
import type { Answer } from './answer.ts'
import { labelName, topLabels } from './labels.ts'
import { polytopePart } from './polytope.ts'

const SHOWN_MEMBERS = 20
const SHOWN_NEIGHBORS = 16

/** A region with its first members, its stored neighbours and its polytope. Throws UNKNOWN_PARTITION, UNKNOWN_REGION. */
export async function regionAnswer(cli: AtlasCli, key: RegionKey): Promise<Answer> {
  const { loaders } = cli
  const partition = await findPartitionByKey(loaders, key)
  const parent = await partitionView(loaders, partition)
  const row = await findRegion(loaders, key)
  const region = regionView(parent, row)
  const code = await loaders.code.load([key.codeHash, row.bitCount])
  const dataset = await loaders.datasetById.load([partition.datasetId])
  const members = await membersOf(cli, row)
  const neighbors = await neighborsOf(cli, parent, row)
  const polytope = await polytopePart(cli, parent, row)
  return {
    document: {
      kind: 'region',
      ...region,
      code: code?.bits.toString('hex'),
      members: members.map(({ index, label, position }) => ({
        path: `${parent.dataset}/${index}`,
        label,
        position,
      })),
      neighbors,
      polytope: polytope?.document ?? null,
    },
    text: sections(
      fields([
        ['region', region.path],
        ['members', region.memberCount],
        ['labels', topLabels(region.labelCounts, dataset?.classNames ?? [], 10)],
        ['label entropy', `${decimal(region.labelEntropy)} bits, purity ${decimal(region.purity)}`],
        ['active bits', `${count(region.activeBitCount)} of ${count(region.bitCount)}`],
        ['exemplar', region.exemplar],
        ['least margin', region.margin.toPrecision(3)],
      ]),
      section(
        members.length < row.memberCount
          ? `Members (${members.length} of ${count(row.memberCount)})`
          : 'Members',
        members.map((member) => memberText(member, parent, dataset)).join('  '),
      ),
      neighbors.length === 0
        ? null
        : section(
            'Nearest regions',
            table(
              ['path', 'differing bits', 'members', 'labels'],
              neighbors.map((n) => [
                n.path,
                n.distance,
                n.memberCount,
                topLabels(n.labelCounts, dataset?.classNames ?? [], 3),
              ]),
            ),
          ),
      polytope?.text ?? null,
    ),
  }
}

async function membersOf({ loaders }: AtlasCli, region: RegionRow): Promise<MemberRow[]> {
  const page = await loaders.membersOfRegion.page([region.partitionId, region.index], {
    first: SHOWN_MEMBERS,
    order: memberOrder,
  })
  return page.rows
}

async function neighborsOf({ loaders }: AtlasCli, partition: PartitionView, region: RegionRow) {
  const key = [region.partitionId, region.index, SHOWN_NEIGHBORS] as const
  const found = await loaders.neighbors(key, REGION_COLUMNS)
  return found.map((row) => ({ distance: row.distance, ...regionView(partition, row) }))
}

function memberText(member: MemberRow, { granularity }: PartitionView, dataset: DatasetRow | null): string {
  const label = member.label === null ? '' : ` (${labelName(member.label, dataset?.classNames ?? [])})`
  return `${member.index}${granularity === 'PER_POSITION' ? ` at ${member.position}` : ''}${label}`
}
