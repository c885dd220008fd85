import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { atlas, graphql } from '../../lib/atlas.ts'
import { count, counted, number } from '../../lib/format.ts'
import { pictureShape } from '../../lib/pictureShape.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { ClassName } from '../../parts/labels.tsx'
import { Empty, Problem } from '../../parts/panel.tsx'
import { ValuePicture } from '../../parts/valuePicture.tsx'
import { Download } from './download.tsx'
import { polygonAt, type Cut, type Polygon } from './draw.ts'
import { ASPECT, cornersOf, planeThrough, pointAt, wholeView, type Plane, type View } from './plane.ts'
import { SliceCanvas } from './sliceCanvas.tsx'

const Values = graphql(`
  query SlicePoints($a: String!, $b: String!, $c: String!) {
    a: entity(path: $a) {
      ... on Input {
        values
      }
    }
    b: entity(path: $b) {
      ... on Input {
        values
      }
    }
    c: entity(path: $c) {
      ... on Input {
        values
      }
    }
  }
`)

const SliceQuery = graphql(`
  query Slice(
    $network: String!
    $origin: PointInput!
    $u: PointInput!
    $v: PointInput!
    $toLayer: Int!
    $maxRegions: Int!
  ) {
    slice(network: $network, origin: $origin, u: $u, v: $v, toLayer: $toLayer, maxRegions: $maxRegions) {
      regionCount
      complete
      polygons {
        vertices
        codeHash
        prediction
        region {
          path
          memberCount
        }
      }
      decisionBoundary {
        from
        to
      }
    }
  }
`)

interface PlaneThroughProps {
  network: string
  inputs: readonly [string, string, string]
  toLayer: number
  shape: readonly number[]
  classNames: readonly string[]
}

/** Polygons that are asked for at once. */
const LIMITS = [5000, 20000]

export function PlaneThrough(props: PlaneThroughProps) {
  const [a, b, c] = props.inputs
  const answer = useAnswer(Values, { a, b, c })
  const plane = useMemo(() => {
    const [x, y, z] = [answer.a, answer.b, answer.c].map((input) =>
      input && 'values' in input ? input.values : null,
    )
    return x && y && z ? planeThrough(x, y, z) : null
  }, [answer])
  if (!plane)
    return (
      <Empty>
        These are not three inputs that span a plane: choose others, no two alike and not on one line.
      </Empty>
    )
  return <Slice {...props} plane={plane} />
}

function Slice({ network, inputs, toLayer, shape, classNames, plane }: PlaneThroughProps & { plane: Plane }) {
  const [get, set] = useArgs()
  const view = readView(get) ?? wholeView(plane)
  const [limit, setLimit] = useState(LIMITS[0])
  const [at, setAt] = useState<readonly [number, number]>([0.5, 0.5])
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['slice', network, inputs, toLayer, view, limit],
    queryFn: async ({ signal }): Promise<Cut> => {
      const variables = { network, ...cornersOf(plane, view), toLayer, maxRegions: limit }
      return { view, ...(await atlas.query(SliceQuery, variables, { signal })).slice }
    },
    placeholderData: keepPreviousData,
  })
  const show = ({ x, y, width }: View) => set({ a: inputs[0], b: inputs[1], c: inputs[2], x, y, width })
  const picture = useMemo(() => pictureShape(shape), [shape])
  const place = [view.x + at[0] * view.width, view.y + at[1] * ASPECT * view.width] as const
  const here = useMemo(() => pointAt(plane, ...place), [plane, ...place])
  const polygon =
    data &&
    polygonAt(
      data,
      (place[0] - data.view.x) / data.view.width,
      (place[1] - data.view.y) / (ASPECT * data.view.width),
    )
  return (
    <>
      <p className="hint">
        Drag to move, scroll or pinch to zoom, or use the arrow keys, <kbd>+</kbd> and <kbd>−</kbd>; each view
        is cut anew, exactly. Colour: the prediction at a polygon’s centre. Black: where it changes.
      </p>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      <div className="columns wide-left">
        <SliceCanvas
          cut={data ?? null}
          view={view}
          points={plane.points}
          names={inputs}
          onView={show}
          onPoint={setAt}
        />
        <div className="stack" aria-live="polite">
          <p>
            {data ? `${count(data.regionCount)} polygons` : 'cutting…'}
            {isFetching && data && <span className="muted"> · cutting…</span>}
            <span className="muted"> · {number(view.width)} wide</span>
          </p>
          {data && !data.complete && <Incomplete limit={limit} onLimit={setLimit} />}
          {picture && <ValuePicture values={here} shape={picture} size={7} label="the input at this place" />}
          {polygon && <PolygonFacts polygon={polygon} classNames={classNames} />}
          <div className="row">
            <button type="button" onClick={() => show(wholeView(plane))}>
              Whole view
            </button>
            {data && <Download cut={data} points={plane.points} names={inputs} />}
          </div>
        </div>
      </div>
    </>
  )
}

/** Says that polygons are missing, and asks for more. */
function Incomplete({ limit, onLimit }: { limit: number; onLimit: (limit: number) => void }) {
  return (
    <p className="note">
      There are more polygons than asked for: those shown are exact but leave gaps. Zoom in, take fewer
      layers, or{' '}
      <label>
        ask for{' '}
        <select value={limit} onChange={({ target }) => onLimit(Number(target.value))}>
          {LIMITS.map((limit) => (
            <option key={limit} value={limit}>
              {count(limit)}
            </option>
          ))}
        </select>
      </label>
    </p>
  )
}

function PolygonFacts({ polygon, classNames }: { polygon: Polygon; classNames: readonly string[] }) {
  const { prediction, region, codeHash } = polygon
  return (
    <div>
      predicted at its centre: <ClassName label={prediction} name={classNames.at(prediction)} />
      <br />
      {region ? (
        <EntityLink path={region.path}>region of {counted(region.memberCount, 'input')}</EntityLink>
      ) : (
        <span className="muted">no stored input in this polytope</span>
      )}
      <br />
      <code>{codeHash.slice(0, 12)}…</code>
    </div>
  )
}

/** The view that the address names. */
function readView(get: (name: string) => string): View | null {
  const [x, y, width] = ['x', 'y', 'width'].map((name) => (get(name) === '' ? NaN : Number(get(name))))
  return Number.isFinite(x) && Number.isFinite(y) && width > 0 ? { x, y, width } : null
}
