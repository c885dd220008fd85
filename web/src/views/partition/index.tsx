import { useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { graphql, type ResultOf } from '../../lib/atlas.ts'
import { bits, count } from '../../lib/format.ts'
import { pageHref } from '../../lib/paths.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { JobBar, JobFields } from '../../parts/jobs.tsx'
import { Panel } from '../../parts/panel.tsx'
import { FilterForm } from './filterForm.tsx'
import { RegionMap } from './map/regionMap.tsx'
import { RegionList } from './regionList.tsx'
import { RoutingTree } from './routingTree.tsx'
import { Work } from './work.tsx'

const Partition = graphql(
  `
    query PartitionPage($path: String!) {
      partition(path: $path) {
        id
        path
        granularity
        bitCount
        exact
        siteCount
        regionCount
        labelEntropy
        neighborCount
        polytopeCount
        computedAt
        network {
          path
        }
        dataset {
          path
          classNames
        }
        fromLayer {
          index
        }
        toLayer {
          index
        }
        clusterings {
          path
          clusterCount
          noiseRegionCount
          computedAt
        }
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

/** A partition: the map of its regions, the list of those that meet a filter, and how layers route the inputs. */
export default function PartitionView({ path }: { path: string }) {
  const { partition } = useAnswer(Partition, { path })
  const queries = useQueryClient()
  const renew = () => void queries.invalidateQueries()
  if (!partition) return null
  const { network, dataset } = partition
  const clustered = partition.clusterings.filter(({ computedAt }) => computedAt !== null)
  const whole = partition.granularity === 'WHOLE_INPUT'
  return (
    <>
      <Heading partition={partition} />
      {!partition.computedAt && partition.job && <JobBar job={partition.job} onOver={renew} />}
      <section className="panel" aria-label="Filter">
        <FilterForm classNames={dataset.classNames} clusterings={partition.clusterings} />
      </section>
      {partition.computedAt && (
        <div className="columns">
          <Panel title="Map">
            <RegionMap path={path} classNames={dataset.classNames} clusterings={clustered} />
          </Panel>
          <Panel title="Regions">
            <RegionList path={path} />
          </Panel>
        </div>
      )}
      <div className="columns">
        {whole && (
          <Panel title="Routing tree">
            <RoutingTree
              network={network.path}
              dataset={dataset.path}
              fromLayer={partition.fromLayer.index}
              toLayer={partition.toLayer.index}
            />
          </Panel>
        )}
        <Panel title="Facts and work">
          <PartitionFacts partition={partition} />
          <Work partition={partition} />
        </Panel>
      </div>
    </>
  )
}

type Shown = NonNullable<ResultOf<typeof Partition>['partition']>

function Heading({ partition: { path, network, dataset } }: { partition: Shown }) {
  return (
    <div className="stack">
      <h1>{path}</h1>
      <div className="row">
        <span>
          network <EntityLink path={network.path} />
        </span>
        <span>
          dataset <EntityLink path={dataset.path} />
        </span>
        <Link className="button" href={pageHref('/compare', { a: path })}>
          Compare with another
        </Link>
      </div>
    </div>
  )
}

function PartitionFacts({ partition }: { partition: Shown }) {
  const { granularity, neighborCount, polytopeCount, exact, clusterings } = partition
  return (
    <>
      <Facts
        rows={[
          ['a code for', granularity === 'WHOLE_INPUT' ? 'each input' : 'each position'],
          ['sites', count(partition.siteCount)],
          ['regions', count(partition.regionCount)],
          ['bits of a code', count(partition.bitCount)],
          ['label entropy', bits(partition.labelEntropy)],
          ['neighbours', neighborCount === null ? 'not computed' : `${neighborCount} a region`],
          ['facets', polytopeCount === 0 ? 'not computed' : `of ${count(polytopeCount)} regions`],
          ['exact', exact ? 'yes: each region is a polytope' : 'no: a gate of the span is smooth'],
        ]}
      />
      {clusterings.map(({ path, clusterCount, noiseRegionCount }) => (
        <p key={path}>
          <EntityLink path={path} />{' '}
          <span className="muted">
            {count(clusterCount)} clusters, {count(noiseRegionCount)} regions in none
          </span>
        </p>
      ))}
    </>
  )
}
