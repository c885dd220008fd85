import { classColor } from '../lib/colors.ts'
import { counted, percent } from '../lib/format.ts'

interface LabelCount {
  label: number
  className: string
  count: number
}

/** How many members have which label, as one bar; its text names the three most frequent. */
export function LabelBar({ counts }: { counts: readonly LabelCount[] }) {
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return <span className="muted">no labels</span>
  const named = counts.slice(0, 3).map(({ className, count }) => `${className}: ${percent(count / total)}`)
  const rest = counts.length > 3 ? `, ${counts.length - 3} more` : ''
  return (
    <div className="labels" role="img" aria-label={named.join(', ') + rest} title={named.join(', ') + rest}>
      {counts.map(({ label, count }) => (
        <span key={label} style={{ flexGrow: count, background: classColor(label) }} />
      ))}
    </div>
  )
}

/** The label counts as a list with colours. */
export function LabelList({ counts }: { counts: readonly LabelCount[] }) {
  return (
    <ul className="legend">
      {counts.map(({ label, className, count }) => (
        <li key={label} title={counted(count, 'member')}>
          <ClassName label={label} name={className} /> <span className="muted">{count}</span>
        </li>
      ))}
    </ul>
  )
}

/** A class by colour and name. */
export function ClassName({ label, name }: { label: number; name: string | undefined }) {
  return (
    <span>
      <span className="swatch" style={{ background: classColor(label) }} />
      {name ?? label}
    </span>
  )
}
