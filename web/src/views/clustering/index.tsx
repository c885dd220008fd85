import { graphql } from '../../lib/atlas.ts'
import { bits, count, number, percent } from '../../lib/format.ts'
import { useAnswer, usePages } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { LabelBar } from '../../parts/labels.tsx'
import { Empty, Panel } from '../../parts/panel.tsx'
import { Picture, PictureFields } from '../../parts/picture.tsx'
import { Table } from '../../parts/table.tsx'

const Clustering = graphql(`
  query ClusteringPage($path: String!) {
    entity(path: $path) {
      ... on Clustering {
        metric
        minClusterSize
        minSamples
        clusterCount
        noiseRegionCount
        noiseMemberCount
        labelEntropy
        baselineLabelEntropy
        partition {
          path
        }
      }
    }
  }
`)

const Clusters = graphql(
  `
    query Clusters($path: String!, $after: String) {
      entity(path: $path) {
        ... on Clustering {
          clusters(first: 50, after: $after) {
            totalCount
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                path
                index
                regionCount
                memberCount
                labelEntropy
                purity
                birth
                death
                labelCounts {
                  label
                  className
                  count
                }
                exemplar {
                  exemplar {
                    ...Picture
                  }
                }
              }
            }
          }
        }
      }
    }
  `,
  [PictureFields],
)

/** A clustering: groups of near regions, the greatest first. */
export default function ClusteringView({ path }: { path: string }) {
  const { entity: clustering } = useAnswer(Clustering, { path })
  if (!clustering || !('metric' in clustering)) return null
  return (
    <>
      <div className="stack">
        <h1>{path.split('@').at(-1)}</h1>
        <p>
          of <EntityLink path={clustering.partition.path} />
        </p>
      </div>
      <div className="columns wide-left">
        <Panel title="Clusters">
          <ClusterTable path={path} />
        </Panel>
        <Panel title="Facts">
          <Facts
            rows={[
              ['distance', clustering.metric.toLowerCase()],
              ['regions of a cluster', `${clustering.minClusterSize} or more`],
              ['dense from', `${clustering.minSamples} near regions`],
              ['clusters', count(clustering.clusterCount)],
              [
                'in none',
                `${count(clustering.noiseRegionCount)} regions, ${count(clustering.noiseMemberCount)} sites`,
              ],
              ['label entropy', bits(clustering.labelEntropy)],
              ['by chance', bits(clustering.baselineLabelEntropy)],
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

function ClusterTable({ path }: { path: string }) {
  const { rows, totalCount, fetchMore } = usePages(Clusters, { path }, ({ entity }) =>
    entity && 'clusters' in entity ? entity.clusters : null,
  )
  if (totalCount === 0) return <Empty>No cluster: no group of regions lies close enough together.</Empty>
  return (
    <Table
      label={`${count(totalCount)} clusters`}
      rows={rows}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
      columns={[
        {
          title: 'exemplar',
          cell: ({ node }) => <Picture input={node.exemplar.exemplar} size={2.2} caption="" />,
        },
        {
          title: 'cluster',
          cell: ({ node }) => <EntityLink path={node.path}>cluster {node.index}</EntityLink>,
        },
        { title: 'regions', number: true, cell: ({ node }) => count(node.regionCount) },
        { title: 'sites', number: true, cell: ({ node }) => count(node.memberCount) },
        { title: 'purity', number: true, cell: ({ node }) => percent(node.purity) },
        { title: 'entropy', number: true, cell: ({ node }) => bits(node.labelEntropy) },
        { title: 'distances', cell: ({ node }) => `${number(node.birth)} to ${number(node.death)}` },
        { title: 'labels', cell: ({ node }) => <LabelBar counts={node.labelCounts} /> },
      ]}
    />
  )
}
