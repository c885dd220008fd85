import { count } from '../format.ts'

/** The most frequent labels with their counts: "7: 1,020, 9: 8, 2 more". */
export function topLabels(
  labelCounts: readonly { label: number; count: number }[],
  classNames: readonly string[],
  shown: number,
): string {
  const sorted = [...labelCounts].sort((a, b) => b.count - a.count || a.label - b.label)
  const parts = sorted
    .slice(0, shown)
    .map((entry) => `${labelName(entry.label, classNames)}: ${count(entry.count)}`)
  if (sorted.length > shown) parts.push(`${sorted.length - shown} more`)
  return parts.join(', ')
}

/** A label's class name, or its number where it has none. */
export function labelName(label: number, classNames: readonly string[]): string {
  return classNames[label] ?? String(label)
}
