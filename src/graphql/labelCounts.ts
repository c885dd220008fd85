import type { DatasetRow } from '../store/models.ts'
import type { LabelCount } from './generated/types.ts'

/** Labels with their names and how often each occurs, most frequent first, equal ones by label. */
export function labelCountsOf(
  { labels, labelCounts }: { labels: readonly number[]; labelCounts: readonly number[] },
  { classNames }: DatasetRow,
): LabelCount[] {
  return labels
    .map((label, i) => ({ label, className: classNames.at(label) ?? String(label), count: labelCounts[i] }))
    .sort((a, b) => b.count - a.count || a.label - b.label)
}
