import { atlas, graphql } from '../../lib/atlas.ts'
import { JobButton, JobFields } from '../../parts/jobs.tsx'

const Neighbors = graphql(
  `
    mutation ComputeNeighbors($partition: ID!) {
      computeNeighbors(input: { partition: $partition }) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

const Clusters = graphql(
  `
    mutation ClusterRegions($partition: ID!) {
      clusterRegions(input: { partition: $partition, minClusterSize: 10, minSamples: 3 }) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

const Facets = graphql(
  `
    mutation ComputeFacets($partition: ID!) {
      computeFacets(input: { partition: $partition, limit: 100 }) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

interface WorkProps {
  partition: {
    id: string
    neighborCount: number | null
    polytopeCount: number
    exact: boolean
    granularity: string
  }
}

/** What can be computed of a partition, as buttons. */
export function Work({ partition: { id, neighborCount, polytopeCount, exact, granularity } }: WorkProps) {
  const variables = { partition: id }
  return (
    <div className="row">
      {neighborCount === null && (
        <JobButton ask={async () => (await atlas.query(Neighbors, variables)).computeNeighbors.job}>
          Find neighbours
        </JobButton>
      )}
      <JobButton ask={async () => (await atlas.query(Clusters, variables)).clusterRegions.job}>
        Find clusters of 10 regions or more
      </JobButton>
      {exact && granularity === 'WHOLE_INPUT' && polytopeCount === 0 && (
        <JobButton ask={async () => (await atlas.query(Facets, variables)).computeFacets.job}>
          Find facets of the 100 biggest
        </JobButton>
      )}
    </div>
  )
}
