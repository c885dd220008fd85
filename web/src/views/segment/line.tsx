import { useMemo, useState, type PointerEvent } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { count, number, percent } from '../../lib/format.ts'
import { pictureShape, type PictureShape } from '../../lib/pictureShape.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { ClassName } from '../../parts/labels.tsx'
import { Facts } from '../../parts/facts.tsx'
import { ValuePicture } from '../../parts/valuePicture.tsx'
import { Crossings } from './crossings.tsx'
import { between, probabilitiesAt } from './probabilities.ts'
import { ProbabilityLines } from './probabilityLines.tsx'

const Segment = graphql(`
  query SegmentPage($network: String!, $from: ID!, $to: ID!, $fromPath: String!, $toPath: String!) {
    segment(network: $network, from: { input: $from }, to: { input: $to }) {
      length
      regionCount
      endpointHammingDistance
      boundaryDensity
      crossings {
        t
        layer
      }
      predictions {
        from
        to
        label
      }
      outputs {
        t
        scores
      }
      profile(bins: 50) {
        from
        to
        boundaries
        boundaryDensity
      }
    }
    from: entity(path: $fromPath) {
      ... on Input {
        values
      }
    }
    to: entity(path: $toPath) {
      ... on Input {
        values
      }
    }
  }
`)

interface LineProps {
  network: string
  layers: readonly { index: number; operator: string }[]
  from: string
  to: string
  /** Shape of the inputs. */
  shape: readonly number[]
  classNames: readonly string[]
}

/** How many places of the line have a picture. */
const PICTURES = 11

/** A segment: pictures on the way, what is crossed, and what the network makes of each place. */
export function Line({ network, layers, from, to, shape, classNames }: LineProps) {
  const answer = useAnswer(Segment, { network, from, to, fromPath: from, toPath: to })
  const { segment } = answer
  const [t, setT] = useState(0.5)
  const picture = useMemo(() => pictureShape(shape), [shape])
  const a = answer.from && 'values' in answer.from ? answer.from.values : null
  const b = answer.to && 'values' in answer.to ? answer.to.values : null
  const here = useMemo(() => probabilitiesAt(segment.outputs, t), [segment, t])
  const likely = here
    .map((share, label) => ({ share, label }))
    .sort((x, y) => y.share - x.share)
    .slice(0, 3)
  return (
    <>
      {picture && a && b && <Film from={a} to={b} shape={picture} onPlace={setT} />}
      <div
        className="segment-charts"
        onPointerDown={(event) => setT((now) => placeOf(event) ?? now)}
        onPointerMove={(event) => event.buttons > 0 && setT((now) => placeOf(event) ?? now)}
      >
        <Crossings segment={segment} layers={layers} classNames={classNames} t={t} />
        <ProbabilityLines outputs={segment.outputs} classNames={classNames} t={t} />
      </div>
      <div className="row place">
        <label>
          place t
          <input
            type="range"
            min="0"
            max="1"
            step="0.001"
            value={t}
            onChange={({ target }) => setT(Number(target.value))}
          />
          <output>{t.toFixed(3)}</output>
        </label>
        {picture && a && b && (
          <ValuePicture values={between(a, b, t)} shape={picture} size={5} label={`the input at t = ${t}`} />
        )}
        <ul className="legend">
          {likely.map(({ label, share }) => (
            <li key={label}>
              <ClassName label={label} name={classNames.at(label)} /> {percent(share)}
            </li>
          ))}
        </ul>
      </div>
      <Facts
        rows={[
          ['polytopes crossed', count(segment.regionCount)],
          ['bits that change', count(segment.crossings.length)],
          ['bits in which the ends differ', count(segment.endpointHammingDistance)],
          ['length', number(segment.length)],
          ['boundaries a unit of length', number(segment.boundaryDensity)],
        ]}
      />
    </>
  )
}

interface FilmProps {
  from: readonly number[]
  to: readonly number[]
  shape: PictureShape
  onPlace: (t: number) => void
}

/** The line as pictures from its begin to its end; one leads to its place. */
function Film({ from, to, shape, onPlace }: FilmProps) {
  return (
    <div className="film" role="group" aria-label="The line as pictures">
      {Array.from({ length: PICTURES }, (_, i) => i / (PICTURES - 1)).map((t) => (
        <button key={t} type="button" className="plain" onClick={() => onPlace(t)}>
          <ValuePicture values={between(from, to, t)} shape={shape} size={4.2} label={`at t = ${t}`} />
        </button>
      ))}
    </div>
  )
}

/** The place of the line at which a pointer is; null beside the charts. */
function placeOf({ target, clientX }: PointerEvent): number | null {
  const chart = target instanceof Element ? target.closest('svg') : null
  if (!chart) return null
  const { left, width } = chart.getBoundingClientRect()
  return Math.min(1, Math.max(0, (clientX - left) / width))
}
