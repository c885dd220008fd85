import { useState } from 'react'
import { graphql, type ResultOf } from '../../lib/atlas.ts'
import { bits, count, number, percent } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { CodeRaster } from '../../parts/codeRaster.tsx'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { LabelBar, LabelList } from '../../parts/labels.tsx'
import { Empty, Panel } from '../../parts/panel.tsx'
import { AffineMap } from './affineMap.tsx'
import { Members } from './members.tsx'
import { Neighbors } from './neighbors.tsx'

const Region = graphql(`
  query RegionPage($path: String!) {
    entity(path: $path) {
      ... on Region {
        id
        path
        index
        memberCount
        activeBitCount
        exact
        margin
        labelEntropy
        purity
        labelCounts {
          label
          className
          count
        }
        code {
          bits
          hash
        }
        polytope {
          facetCount
          inradius
          complete
        }
        sharedWith(first: 10) {
          totalCount
          nodes {
            path
          }
        }
        partition {
          path
          granularity
          bitCount
          fromLayer {
            index
          }
          toLayer {
            index
          }
          dataset {
            shape
            classNames
          }
          network {
            exactness
            layers {
              index
              operator
              unitCount
              positionShape
              bitsPerUnit
            }
          }
        }
      }
    }
  }
`)

/** A region: who lies in it, its code, what is around it and what the network computes inside. */
export default function RegionView({ path }: { path: string }) {
  const { entity: region } = useAnswer(Region, { path })
  const [beside, setBeside] = useState<string | null>(null)
  if (!region || !('code' in region)) return null
  const { partition } = region
  const affine = region.exact && partition.network.exactness === 'PIECEWISE_AFFINE'
  const whole = partition.granularity === 'WHOLE_INPUT'
  const span = partition.network.layers.slice(partition.fromLayer.index, partition.toLayer.index + 1)
  return (
    <>
      <div className="stack">
        <h1>Region {region.code.hash.slice(0, 12)}…</h1>
        <div className="row">
          <span>
            of <EntityLink path={partition.path} />
          </span>
          <span className="muted">{count(region.memberCount)} members</span>
        </div>
      </div>
      <div className="columns">
        <div className="stack wide">
          <Panel title="Members" aside={<LabelBar counts={region.labelCounts} />}>
            <LabelList counts={region.labelCounts} />
            <Members path={path} axes={whole ? null : (span.at(0)?.positionShape ?? [])} />
          </Panel>
          <Panel title="Neighbours">
            <Neighbors
              path={path}
              id={region.id}
              hasPolytope={region.polytope !== null}
              canHavePolytope={affine && whole}
              onPoint={setBeside}
            />
          </Panel>
        </div>
        <div className="stack wide">
          <Panel
            title="Code"
            aside={<span className="hint">{beside ? 'orange: differs from the neighbour' : 'blue: on'}</span>}
          >
            <CodeRaster bits={region.code.bits} layers={span} perPosition={!whole} beside={beside} />
          </Panel>
          <Panel title="Affine map">
            {affine && whole ? (
              <AffineMap
                path={path}
                inputShape={partition.fromLayer.index === 0 ? partition.dataset.shape : null}
                classNames={partition.dataset.classNames}
              />
            ) : (
              <Empty>
                {whole
                  ? 'The network is not piecewise affine: the region has no one affine map.'
                  : 'Regions of single positions have no affine map: those of whole inputs do.'}
              </Empty>
            )}
          </Panel>
          <Panel title="Facts">
            <RegionFacts region={region} />
          </Panel>
        </div>
      </div>
    </>
  )
}

type Shown = Extract<NonNullable<ResultOf<typeof Region>['entity']>, { code: unknown }>

function RegionFacts({ region }: { region: Shown }) {
  return (
    <Facts
      rows={[
        ['path', <code key="path">{region.path}</code>],
        ['number', count(region.index)],
        ['active bits', `${count(region.activeBitCount)} of ${count(region.partition.bitCount)}`],
        ['label entropy', bits(region.labelEntropy)],
        ['purity', percent(region.purity)],
        ['margin', `${number(region.margin)} of a layer's mean pre-activation`],
        [
          'facets',
          region.polytope && `${region.polytope.facetCount}${region.polytope.complete ? '' : ' or more'}`,
        ],
        ['inradius', region.polytope?.inradius != null ? number(region.polytope.inradius) : null],
        [
          'same code',
          region.sharedWith.totalCount === 0
            ? 'in no other partition'
            : region.sharedWith.nodes.map(({ path }) => (
                <div key={path}>
                  <EntityLink path={path} />
                </div>
              )),
        ],
      ]}
    />
  )
}
