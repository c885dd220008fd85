import { classColor } from '../../lib/colors.ts'
import { number } from '../../lib/format.ts'

/** Width of the charts in their own units; places from 0 to 1 are spread over it. */
export const WIDTH = 1000

interface CrossingsProps {
  segment: {
    crossings: readonly { t: number; layer: number }[]
    predictions: readonly { from: number; to: number; label: number }[]
    profile: readonly { from: number; to: number; boundaries: number; boundaryDensity: number }[]
  }
  layers: readonly { index: number; operator: string }[]
  classNames: readonly string[]
  t: number
}

const ROW = 22
const DENSITY = 60

/** A strip of predicted labels, a row of ticks for each layer, and how dense the boundaries are. */
export function Crossings({ segment, layers, classNames, t }: CrossingsProps) {
  const { crossings, predictions, profile } = segment
  const densest = Math.max(...profile.map(({ boundaryDensity }) => boundaryDensity), 1e-300)
  return (
    <>
      <Chart title="prediction" height={ROW} t={t} said={`predicted ${runs(predictions, classNames)}`}>
        {predictions.map(({ from, to, label }) => (
          <rect
            key={from}
            x={from * WIDTH}
            width={(to - from) * WIDTH}
            y="3"
            height={ROW - 6}
            fill={classColor(label)}
          >
            <title>{`${classNames[label] ?? label}: t from ${number(from)} to ${number(to)}`}</title>
          </rect>
        ))}
      </Chart>
      {layers.map(({ index, operator }) => {
        const places = crossings.filter(({ layer }) => layer === index).map((crossing) => crossing.t)
        return (
          <Chart
            key={index}
            title={`layer ${index} · ${places.length}`}
            height={ROW}
            t={t}
            said={`${places.length} bits of layer ${index}, ${operator}, change`}
          >
            <path
              d={places.map((place) => `M${(place * WIDTH).toFixed(2)} 3V${ROW - 3}`).join('')}
              stroke="var(--text)"
              strokeOpacity="0.7"
              vectorEffect="non-scaling-stroke"
            />
          </Chart>
        )
      })}
      <Chart
        title="density"
        height={DENSITY}
        t={t}
        said={`at most ${number(densest)} boundaries a unit of length`}
      >
        {profile.map(({ from, to, boundaries, boundaryDensity }) => {
          const height = (boundaryDensity / densest) * (DENSITY - 2)
          return (
            <rect
              key={from}
              x={from * WIDTH}
              width={(to - from) * WIDTH - 1}
              y={DENSITY - height}
              height={height}
              fill="var(--accent)"
            >
              <title>{`${boundaries} boundaries, ${number(boundaryDensity)} a unit of length`}</title>
            </rect>
          )
        })}
      </Chart>
    </>
  )
}

const runs = (predictions: CrossingsProps['segment']['predictions'], names: readonly string[]) =>
  predictions.map(({ label, to }) => `${names[label] ?? label} up to t = ${number(to)}`).join(', ')

interface ChartProps {
  title: string
  height: number
  /** The place that is looked at. */
  t: number
  /** What the chart shows, for those who cannot see it. */
  said: string
  children: React.ReactNode
}

/** A chart over the places of the line, with its title at the left and a mark where one looks. */
export function Chart({ title, height, t, said, children }: ChartProps) {
  return (
    <>
      <span className="hint">{title}</span>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        style={{ height }}
        role="img"
        aria-label={said}
      >
        <rect width={WIDTH} height={height} fill="var(--sunken)" />
        {children}
        <line
          x1={t * WIDTH}
          x2={t * WIDTH}
          y1="0"
          y2={height}
          stroke="var(--bad)"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </>
  )
}
