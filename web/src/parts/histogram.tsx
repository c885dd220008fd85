interface HistogramProps {
  values: readonly number[]
  from: number
  to: number
  bins: number
  /** What it shows, for those who cannot see it. */
  label: string
}

const WIDTH = 200
const HEIGHT = 48

/** How many values lie in which part of a range; those at its end belong to the last part. */
export function Histogram({ values, from, to, bins, label }: HistogramProps) {
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins))
    if (bin >= 0) counts[bin]++
  }
  const most = Math.max(1, ...counts)
  const width = WIDTH / bins
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT + 1}`} role="img" aria-label={label}>
      {counts.map((count, i) => (
        <rect
          key={i}
          x={i * width + 0.5}
          y={HEIGHT - (count / most) * HEIGHT}
          width={width - 1}
          height={(count / most) * HEIGHT}
          fill="var(--accent)"
        >
          <title>{`${(from + ((to - from) * i) / bins).toFixed(2)} to ${(from + ((to - from) * (i + 1)) / bins).toFixed(2)}: ${count}`}</title>
        </rect>
      ))}
      <line x1="0" x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} stroke="var(--edge)" />
    </svg>
  )
}
