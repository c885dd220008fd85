import { classColor } from '../../lib/colors.ts'
import { percent } from '../../lib/format.ts'

interface FlipChartProps {
  steps: readonly {
    from: number
    to: number
    perLayer: readonly { layer: number; rate: number }[]
  }[]
  chosen: number
  onChoose: (step: number) => void
}

const WIDTH = 640
const HEIGHT = 240
const [LEFT, BOTTOM, TOP] = [48, 36, 10]

/** The share of flipped bits at each step of a training, a line a layer. */
export function FlipChart({ steps, chosen, onChoose }: FlipChartProps) {
  const layers = steps[0].perLayer.map(({ layer }) => layer)
  const most = Math.max(...steps.flatMap(({ perLayer }) => perLayer.map(({ rate }) => rate)), 1e-9)
  const x = (step: number) => LEFT + ((step + 0.5) / steps.length) * (WIDTH - LEFT)
  const y = (rate: number) => TOP + (1 - rate / most) * (HEIGHT - TOP - BOTTOM)
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Flipped bits by layer: at most ${percent(most)}`}
      >
        {[0, most / 2, most].map((rate) => (
          <g key={rate}>
            <line x1={LEFT} x2={WIDTH} y1={y(rate)} y2={y(rate)} stroke="var(--line)" />
            <text x={LEFT - 6} y={y(rate) + 4} textAnchor="end" className="axis">
              {percent(rate)}
            </text>
          </g>
        ))}
        {steps.map(({ to }, i) => (
          <g key={i} onClick={() => onChoose(i)} style={{ cursor: 'pointer' }}>
            <rect
              x={x(i) - (WIDTH - LEFT) / steps.length / 2}
              width={(WIDTH - LEFT) / steps.length}
              y={TOP}
              height={HEIGHT - TOP - BOTTOM}
              fill={i === chosen ? 'var(--accent-ground)' : 'transparent'}
              fillOpacity="0.6"
            />
            <text x={x(i)} y={HEIGHT - BOTTOM + 18} textAnchor="middle" className="axis">
              {to}
            </text>
          </g>
        ))}
        {layers.map((layer, l) => (
          <g key={layer} pointerEvents="none">
            <polyline
              points={steps.map(({ perLayer }, i) => `${x(i)},${y(perLayer[l].rate)}`).join(' ')}
              fill="none"
              stroke={classColor(l)}
              strokeWidth="2"
            />
            {steps.map(({ perLayer }, i) => (
              <circle key={i} cx={x(i)} cy={y(perLayer[l].rate)} r="3.5" fill={classColor(l)} />
            ))}
          </g>
        ))}
        <text x={(WIDTH + LEFT) / 2} y={HEIGHT - 3} textAnchor="middle" className="axis">
          after step
        </text>
      </svg>
      <ul className="legend">
        {layers.map((layer, l) => (
          <li key={layer}>
            <span className="swatch" style={{ background: classColor(l) }} />
            layer {layer}
          </li>
        ))}
      </ul>
    </>
  )
}
