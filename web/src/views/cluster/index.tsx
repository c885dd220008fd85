import { Link } from 'wouter'
import { graphql } from '../../lib/atlas.ts'
import { bits, count, number, percent } from '../../lib/format.ts'
import { entityHref } from '../../lib/paths.ts'
import { useAnswer, usePages } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { LabelList } from '../../parts/labels.tsx'
import { Panel } from '../../parts/panel.tsx'
import { RegionRowFields, RegionTable } from '../../parts/regionTable.tsx'

const Cluster = graphql(`
  query ClusterPage($path: String!) {
    entity(path: $path) {
      ... on Cluster {
        index
        regionCount
        memberCount
        stability
        birth
        death
        labelEntropy
        purity
        labelCounts {
          label
          className
          count
        }
        distinguishingBits(first: 12) {
          layer
          unit
          position
          inside
          outside
        }
        sharedCode {
          bitCount
          agreeingBitCount
        }
        clustering {
          path
          partition {
            path
          }
        }
      }
    }
  }
`)

const Regions = graphql(
  `
    query ClusterRegions($path: String!, $after: String) {
      entity(path: $path) {
        ... on Cluster {
          regions(first: 50, after: $after, orderBy: MEMBER_COUNT_DESC) {
            totalCount
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...RegionRow
              }
            }
          }
        }
      }
    }
  `,
  [RegionRowFields],
)

/** A cluster: its regions, and the bits that set it apart. */
export default function ClusterView({ path }: { path: string }) {
  const { entity: cluster } = useAnswer(Cluster, { path })
  if (!cluster || !('stability' in cluster)) return null
  const { clustering, sharedCode } = cluster
  return (
    <>
      <div className="stack">
        <h1>Cluster {cluster.index}</h1>
        <div className="row">
          <span>
            of <EntityLink path={clustering.path} />
          </span>
          <Link
            className="button"
            href={`${entityHref(clustering.partition.path)}?cluster=${encodeURIComponent(path)}`}
          >
            In the map of its partition
          </Link>
        </div>
      </div>
      <div className="columns wide-left">
        <Panel title="Regions">
          <ClusterRegions path={path} />
        </Panel>
        <Panel title="Facts">
          <LabelList counts={cluster.labelCounts} />
          <Facts
            rows={[
              ['regions', count(cluster.regionCount)],
              ['sites', count(cluster.memberCount)],
              ['purity', percent(cluster.purity)],
              ['label entropy', bits(cluster.labelEntropy)],
              ['splits off at', number(cluster.birth)],
              ['ends at', number(cluster.death)],
              ['stability', number(cluster.stability)],
              ['bits all agree on', `${count(sharedCode.agreeingBitCount)} of ${count(sharedCode.bitCount)}`],
            ]}
          />
          <h3>Bits that set it apart</h3>
          <table>
            <thead>
              <tr>
                <th scope="col">layer:unit</th>
                <th scope="col" className="number">
                  on inside
                </th>
                <th scope="col" className="number">
                  on outside
                </th>
              </tr>
            </thead>
            <tbody>
              {cluster.distinguishingBits.map(({ layer, unit, position, inside, outside }) => (
                <tr key={`${layer}:${unit}:${position}`}>
                  <td>
                    {layer}:{unit}
                    {position > 0 && ` at ${position}`}
                  </td>
                  <td className="number">{percent(inside)}</td>
                  <td className="number">{percent(outside)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      </div>
    </>
  )
}

function ClusterRegions({ path }: { path: string }) {
  const { rows, totalCount, fetchMore } = usePages(Regions, { path }, ({ entity }) =>
    entity && 'regions' in entity ? entity.regions : null,
  )
  return (
    <RegionTable
      label={`${count(totalCount)} regions`}
      rows={rows.map(({ node }) => node)}
      onEnd={fetchMore}
    />
  )
}
