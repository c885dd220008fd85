import { useMemo } from 'react'
import { classColor } from '../../lib/colors.ts'
import { ClassName } from '../../parts/labels.tsx'
import { Chart, WIDTH } from './crossings.tsx'
import { probabilitiesAt, type Output } from './probabilities.ts'

interface ProbabilityLinesProps {
  outputs: readonly Output[]
  classNames: readonly string[]
  t: number
}

const HEIGHT = 150
const PLACES = 400

/** Classes whose probability stays below this everywhere have no line. */
const VISIBLE = 0.01

/** The probability of each class along the line: the softmax of the scores, which are exact at each place. */
export function ProbabilityLines({ outputs, classNames, t }: ProbabilityLinesProps) {
  const lines = useMemo(() => {
    const places = Array.from({ length: PLACES + 1 }, (_, i) => i / PLACES)
    const at = places.map((place) => probabilitiesAt(outputs, place))
    return at[0]
      .map((_, label) => ({ label, shares: at.map((shares) => shares[label]) }))
      .filter(({ shares }) => Math.max(...shares) >= VISIBLE)
  }, [outputs])
  const names = lines.map(({ label }) => classNames[label] ?? label).join(', ')
  return (
    <>
      <Chart
        title="probability"
        height={HEIGHT}
        t={t}
        said={`probabilities along the line of the classes ${names}`}
      >
        {lines.map(({ label, shares }) => (
          <polyline
            key={label}
            points={shares
              .map(
                (share, i) =>
                  `${((i / PLACES) * WIDTH).toFixed(1)},${((1 - share) * (HEIGHT - 4) + 2).toFixed(2)}`,
              )
              .join(' ')}
            fill="none"
            stroke={classColor(label)}
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </Chart>
      <span />
      <ul className="legend">
        {lines.map(({ label }) => (
          <li key={label}>
            <ClassName label={label} name={classNames.at(label)} />
          </li>
        ))}
      </ul>
    </>
  )
}
