import { monosemanticity, type Monosemanticity } from '../../jobs/direct/monosemanticity.ts'
import { existing } from '../../store/existing.ts'
import type { DirectionSetRow } from '../../store/models.ts'
import { clusteringSuffix, directionSetSuffix } from '../../store/path.ts'
import { decimal, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table, type Cell } from '../text.ts'
import { partitionView } from '../views.ts'
import type { Answer } from './answer.ts'

/** What families of directions are called. */
const FAMILIES = {
  UNIT: 'units',
  PRINCIPAL_COMPONENT: 'principal components',
  NON_NEGATIVE_FACTOR: 'non-negative factors',
  CHANCE: 'chance',
}

/** A direction set, and the partition's regions and clusters beside it. */
export async function directionSetAnswer(
  { atlas, loaders }: AtlasCli,
  row: DirectionSetRow,
): Promise<Answer> {
  const partitionRow = existing(await loaders.partitionById.load([row.partitionId]))
  const partition = await partitionView(loaders, partitionRow)
  const clusterings = await loaders.clusteringsOfPartition.load([row.partitionId])
  const { signal } = new AbortController()
  const rows = await monosemanticity(atlas.db, row, partitionRow, clusterings, signal)
  const { components, seed, dimensions, factorError, factorRounds, jobId, computedAt, createdAt } = row
  const path = `${partition.path}/${directionSetSuffix(row)}`
  const about = fields([
    ['direction set', path],
    ['dimensions', dimensions],
    ['factors', computedAt && `leave ${decimal(100 * factorError)} % of the squares unexplained`],
    ['computed', computedAt ? moment(computedAt) : 'not computed'],
  ])
  return {
    document: {
      kind: 'directions',
      ...{ path, partition: partition.path, components, seed, dimensions, factorError, factorRounds },
      ...{ jobId, computedAt, createdAt },
      monosemanticity: rows.map(({ clustering, sets, directions }) => ({
        clustering: clustering && `${partition.path}/${clusteringSuffix(clustering)}`,
        ...sets,
        directions: directions.map(({ kind, directionCount, matched }) => ({
          family: kind,
          directionCount,
          ...matched,
        })),
      })),
    },
    text: sections(about, ...rows.map(comparisonTable)),
  }
}

/** One kind of sets, and below it the directions at their sizes. */
function comparisonTable({ clustering, sets, directions }: Monosemanticity): string {
  const name = clustering ? clusteringSuffix(clustering) : 'regions of two sites or more'
  const own: Cell[] = [`${sets.setCount} sets`, decimal(sets.labelEntropy), '', decimal(sets.purity)]
  const below = directions.map(({ kind, directionCount, matched }): Cell[] => [
    `${directionCount} ${FAMILIES[kind]}`,
    ...(matched
      ? [decimal(matched.labelEntropy), decimal(matched.leastLabelEntropy), decimal(matched.purity)]
      : ['', '', '']),
    matched ? decimal(matched.mutualInformation) : '',
    `${decimal(100 * (matched?.matchedShare ?? 0))} %`,
  ])
  const header = ['of the same sizes', 'label entropy', 'best', 'purity', 'information', 'matched']
  return section(
    `${name}: ${sets.siteCount} sites`,
    table(header, [[...own, decimal(sets.mutualInformation), ''], ...below]),
  )
}
