import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { atlas, graphql } from '../../../lib/atlas.ts'
import { RAMP_GRADIENT } from '../../../lib/colors.ts'
import { count } from '../../../lib/format.ts'
import { unpackFloats } from '../../../lib/packed.ts'
import { entityHref } from '../../../lib/paths.ts'
import { useAnswer } from '../../../lib/useAnswer.ts'
import { useArgs } from '../../../lib/useArgs.ts'
import { JobBar, JobButton, JobFields } from '../../../parts/jobs.tsx'
import { ClassName } from '../../../parts/labels.tsx'
import { Loaded } from '../../../parts/panel.tsx'
import { readFilter } from '../regionFilter.ts'
import type { Legend } from './coloring.ts'
import { MapCanvas } from './mapCanvas.tsx'
import { Pointed, fetchRegionPath } from './pointed.tsx'
import { COLORINGS, useColoring } from './useColoring.ts'
import { useLit } from './useLit.ts'

const Maps = graphql(
  `
    query Maps($path: String!) {
      partition(path: $path) {
        embeddings {
          path
          computedAt
          job {
            ...JobState
          }
        }
      }
    }
  `,
  [JobFields],
)

const Embed = graphql(
  `
    mutation EmbedRegions($partition: ID!) {
      embedRegions(input: { partition: $partition }) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

const Positions = graphql(`
  query MapPositions($path: String!) {
    entity(path: $path) {
      ... on Embedding {
        positions
      }
    }
  }
`)

interface RegionMapProps {
  /** The partition's path. */
  path: string
  classNames: readonly string[]
  clusterings: readonly { path: string }[]
}

/** All regions of a partition in the plane, near where their codes are: or a button that draws them so. */
export function RegionMap({ path, classNames, clusterings }: RegionMapProps) {
  const { partition } = useAnswer(Maps, { path })
  const drawn = partition?.embeddings.find(({ computedAt }) => computedAt !== null)
  const underWay = partition?.embeddings.at(-1)?.job
  if (drawn)
    return <Drawn path={path} embedding={drawn.path} classNames={classNames} clusterings={clusterings} />
  if (underWay) return <JobBar job={underWay} />
  return (
    <div className="row">
      <span className="muted">The map of these regions is not drawn yet.</span>
      <JobButton ask={async () => (await atlas.query(Embed, { partition: path })).embedRegions.job}>
        Draw it
      </JobButton>
    </div>
  )
}

function Drawn({ path, embedding, classNames, clusterings }: RegionMapProps & { embedding: string }) {
  const [get, set] = useArgs()
  const { entity } = useAnswer(Positions, { path: embedding })
  const packed = entity && 'positions' in entity ? entity.positions : null
  const positions = useMemo(() => unpackFloats(packed ?? ''), [packed])
  const by = get('color') || (classNames.length > 0 ? 'label' : 'members')
  const choices = [
    ...Object.entries(COLORINGS),
    ...clusterings.map(({ path }) => [path, path.split('/').at(-1)]),
  ]
  return (
    <>
      <div className="row spread">
        <label>
          colour
          <select value={by} onChange={({ target }) => set({ color: target.value })}>
            {choices.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <span className="hint">
          Near points have near codes; far ones tell nothing. Drag, scroll or pinch; <kbd>+</kbd> <kbd>−</kbd>{' '}
          <kbd>0</kbd> and arrow keys.
        </span>
      </div>
      <Loaded what="colours" key={by}>
        <Colored path={path} positions={positions} by={by} classNames={classNames} />
      </Loaded>
    </>
  )
}

interface ColoredProps {
  path: string
  positions: Float32Array
  by: string
  classNames: readonly string[]
}

function Colored({ path, positions, by, classNames }: ColoredProps) {
  const [get] = useArgs()
  const [, navigate] = useLocation()
  const { colors, legend } = useColoring(path, by)
  const regions = positions.length / 2
  const lit = useLit(path, readFilter(get), regions)
  const points = useMemo(() => ({ positions, colors, lit }), [positions, colors, lit])
  const [pointed, setPointed] = useState(-1)
  return (
    <>
      <MapCanvas
        points={points}
        label={`Map of ${count(regions)} regions; the list of regions has the same ones`}
        onPoint={setPointed}
        onChoose={(index) =>
          void fetchRegionPath(path, index).then((chosen) => chosen && navigate(entityHref(chosen)))
        }
      />
      <div className="row spread">
        <LegendList legend={legend} names={by === 'label' ? classNames : []} />
        <Pointed path={path} index={pointed} />
      </div>
    </>
  )
}

/** Colours of clusters that are listed; more are only seen. */
const LISTED = 24

function LegendList({ legend, names }: { legend: Legend; names: readonly string[] }) {
  if (legend.kind === 'ramp')
    return (
      <span className="row">
        {legend.low} <span className="ramp" style={{ background: RAMP_GRADIENT }} /> {legend.high}
      </span>
    )
  const { labels } = legend
  return (
    <ul className="legend">
      {labels.slice(0, LISTED).map((label) => (
        <li key={label}>
          <ClassName label={label} name={label < 0 ? 'none' : names.at(label)} />
        </li>
      ))}
      {labels.length > LISTED && <li className="muted">and {labels.length - LISTED} more</li>}
    </ul>
  )
}
