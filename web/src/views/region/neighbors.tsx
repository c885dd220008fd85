import { useState } from 'react'
import { atlas, graphql } from '../../lib/atlas.ts'
import { counted, number } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { JobButton, JobFields } from '../../parts/jobs.tsx'
import { LabelBar } from '../../parts/labels.tsx'
import { Empty, Loaded } from '../../parts/panel.tsx'
import { Picture } from '../../parts/picture.tsx'
import { RegionCardFields } from '../../parts/regionCard.ts'
import { Table } from '../../parts/table.tsx'

const NeighborsQuery = graphql(
  `
    query Neighbors($path: String!, $kind: NeighborKind!) {
      entity(path: $path) {
        ... on Region {
          neighbors(kind: $kind, first: 100) {
            totalCount
            edges {
              cursor
              distance
              layer
              unit
              offset
              code {
                bits
                hash
              }
              region {
                ...RegionCard
              }
            }
          }
        }
      }
    }
  `,
  [RegionCardFields],
)

const FindFacets = graphql(
  `
    mutation FindFacets($region: ID!) {
      computeFacets(input: { region: $region }) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

type Kind = 'HAMMING' | 'FACET'

interface NeighborsProps {
  path: string
  id: string
  hasPolytope: boolean
  /** Whether the region is a polytope whose facets can be found. */
  canHavePolytope: boolean
  /** The bits of the neighbour that is pointed at; null where none is. */
  onPoint: (bits: string | null) => void
}

/** What lies around a region, by differing bits or across its facets, to walk on. */
export function Neighbors({ path, id, hasPolytope, canHavePolytope, onPoint }: NeighborsProps) {
  const [kind, setKind] = useState<Kind>('HAMMING')
  return (
    <>
      <div className="row" role="group" aria-label="What makes a neighbour">
        <button type="button" aria-pressed={kind === 'HAMMING'} onClick={() => setKind('HAMMING')}>
          nearest codes
        </button>
        <button type="button" aria-pressed={kind === 'FACET'} onClick={() => setKind('FACET')}>
          across facets
        </button>
      </div>
      {kind === 'FACET' && !hasPolytope ? (
        canHavePolytope ? (
          <div className="row">
            <span className="muted">The facets of this region are not computed.</span>
            <JobButton ask={async () => (await atlas.query(FindFacets, { region: id })).computeFacets.job}>
              Find them
            </JobButton>
          </div>
        ) : (
          <Empty>Only regions of whole inputs, of networks that are piecewise affine, have facets.</Empty>
        )
      ) : (
        <Loaded what="neighbours" key={kind}>
          <Around path={path} kind={kind} onPoint={onPoint} />
        </Loaded>
      )}
    </>
  )
}

function Around({ path, kind, onPoint }: Pick<NeighborsProps, 'path' | 'onPoint'> & { kind: Kind }) {
  const { entity } = useAnswer(NeighborsQuery, { path, kind })
  if (!entity || !('neighbors' in entity)) return null
  const { edges, totalCount } = entity.neighbors
  if (edges.length === 0) return <Empty>There is no other region.</Empty>
  const byHash = new Map(edges.map(({ code }) => [code.hash, code.bits]))
  const point = (target: EventTarget) => {
    const hash = target instanceof Element ? target.closest('tr')?.querySelector('[data-code]') : null
    onPoint((hash && byHash.get(hash.getAttribute('data-code') ?? '')) ?? null)
  }
  return (
    <div
      className="stack"
      onMouseOver={({ target }) => point(target)}
      onFocus={({ target }) => point(target)}
      onMouseLeave={() => onPoint(null)}
    >
      <p className="hint">
        {counted(totalCount, kind === 'FACET' ? 'facet' : 'region')}
        {totalCount > edges.length && `; the nearest ${edges.length} are shown`}. Point at one to see its
        differing bits in the code.
      </p>
      <Table
        label="Neighbours, the nearest first"
        rows={edges}
        keyOf={({ cursor }) => cursor}
        columns={[
          {
            title: 'exemplar',
            cell: ({ region }) => region && <Picture input={region.exemplar} size={2.2} caption="" />,
          },
          {
            title: 'region',
            cell: ({ region, code }) => (
              <span data-code={code.hash}>
                {region ? (
                  <EntityLink path={region.path}>{code.hash.slice(0, 12)}…</EntityLink>
                ) : (
                  <span className="muted">no input there</span>
                )}
              </span>
            ),
          },
          { title: 'bits', number: true, cell: ({ distance }) => distance },
          ...(kind === 'FACET'
            ? [
                { title: 'unit', cell: ({ layer, unit }: Edge) => `${layer}:${unit}` },
                {
                  title: 'distance',
                  number: true,
                  cell: ({ offset }: Edge) => offset != null && number(offset),
                },
              ]
            : []),
          { title: 'members', number: true, cell: ({ region }) => region?.memberCount ?? 0 },
          { title: 'labels', cell: ({ region }) => region && <LabelBar counts={region.labelCounts} /> },
        ]}
      />
    </div>
  )
}

interface Edge {
  layer: number | null
  unit: number | null
  offset: number | null
}
