import { createLoaders } from '../../store/loaders.ts'
import type { SegmentGroupRow, SegmentSetRow, StoredEstimate } from '../../store/models.ts'
import { segmentGroupOrder } from '../../store/segmentSets.ts'
import { collect } from '../collect.ts'
import { count, decimal, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { segmentGroupView, segmentSetView } from '../views.ts'
import type { Answer } from './answer.ts'
import { labelName } from './labels.ts'

/** Groups that the text shows: all pairs of ten labels and more; `--json` has every one. */
const SHOWN_GROUPS = 100

/** A segment set with its groups, as they are now. */
export async function segmentSetAnswer({ atlas }: AtlasCli, row: SegmentSetRow): Promise<Answer> {
  const loaders = createLoaders(atlas.db)
  const set = await segmentSetView(loaders, row)
  const dataset = await loaders.datasetById.load([row.datasetId])
  const groups = await collect(Infinity, (request) =>
    loaders.segmentGroups.page([row.id], { ...request, order: segmentGroupOrder }),
  )
  const about = fields([
    ['segments', set.path],
    [
      'pairs',
      set.sampled ? `${count(set.segmentCount)} of ${count(set.pairCount)}, seed ${set.seed}` : 'all',
    ],
    ['segments walked', set.computedAt ? set.segmentCount : 'not computed'],
    ['computed', set.computedAt && moment(set.computedAt)],
  ])
  const more = groups.length - SHOWN_GROUPS
  const shown = groupTable(groups.slice(0, SHOWN_GROUPS), dataset?.classNames ?? [])
  return {
    document: { kind: 'segmentSet', ...set, groups: groups.map(segmentGroupView) },
    text: sections(
      about,
      groups.length === 0
        ? null
        : section(
            'Means with 95 % intervals',
            more > 0 ? `${shown}\n${count(more)} more; --json shows all` : shown,
          ),
    ),
  }
}

function groupTable(groups: readonly SegmentGroupRow[], classNames: readonly string[]): string {
  const header = [
    'group',
    'segments',
    'no length',
    'regions',
    'boundaries/length',
    'end bits/length',
    'label changes',
  ]
  const rows = groups.map((group) => {
    const { regionCount, boundaryDensity, endpointDensity, predictionChanges } = group.estimates
    const estimates = [regionCount, boundaryDensity, endpointDensity, predictionChanges]
    return [titleOf(group, classNames), group.count, group.zeroLengthCount, ...estimates.map(estimateText)]
  })
  return table(header, rows)
}

function titleOf({ kind, labelA, labelB }: SegmentGroupRow, classNames: readonly string[]): string {
  if (labelA === null || labelB === null) return kind.toLowerCase()
  return `${labelName(labelA, classNames)} - ${labelName(labelB, classNames)}`
}

function estimateText(estimate: StoredEstimate | null): string {
  if (!estimate) return '-'
  return `${decimal(estimate.mean)} (${decimal(estimate.low)} to ${decimal(estimate.high)})`
}
