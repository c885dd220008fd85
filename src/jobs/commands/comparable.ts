import { AtlasError } from '../../../compute/errors.ts'
import type { PartitionRow } from '../../store/models.ts'

/** Throws NOT_COMPARABLE where two partitions cut other datasets, or other sites. */
export function checkComparable(a: PartitionRow, b: PartitionRow): void {
  if (a.datasetId === b.datasetId && a.siteCount === b.siteCount && samePositions(a, b)) return
  throw new AtlasError(
    'NOT_COMPARABLE',
    'Two partitions are compared site by site: choose two of one dataset and one granularity, with equal positions.',
  )
}

/** Whether the sites of an input are the same positions on both sides, or the input itself on both. */
function samePositions(a: PartitionRow, b: PartitionRow): boolean {
  const isInput = ({ granularity, positionStep }: PartitionRow) =>
    granularity === 'WHOLE_INPUT' || positionStep === 0
  if (isInput(a) && isInput(b)) return true
  return a.positionStart === b.positionStart && a.positionStep === b.positionStep
}

/** Partitions of a matrix at most: 2,016 pairs. */
const MAX_PARTITIONS = 64

/** Checks partitions whose pairs are asked for. Throws TOO_MANY_REQUESTED, BAD_ARGUMENT, NOT_COMPARABLE. */
export function checkAllComparable(partitions: readonly PartitionRow[]): void {
  const { length } = partitions
  if (length > MAX_PARTITIONS)
    throw new AtlasError('TOO_MANY_REQUESTED', `${length} partitions: ask for at most ${MAX_PARTITIONS}.`)
  if (length < 2)
    throw new AtlasError('BAD_ARGUMENT', `${length} partitions: give 2 to ${MAX_PARTITIONS} to compare.`)
  if (new Set(partitions.map(({ id }) => id)).size < length)
    throw new AtlasError('BAD_ARGUMENT', 'A partition is given twice: give each of them once.')
  for (const [a, b] of allPairs(partitions)) checkComparable(a, b)
}

/** Every item with each one behind it. */
export function allPairs<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [Item, Item] => [a, b]))
}
