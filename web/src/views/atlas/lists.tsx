import { graphql } from '../../lib/atlas.ts'
import { bits, count, shape, short } from '../../lib/format.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Empty } from '../../parts/panel.tsx'
import { Table } from '../../parts/table.tsx'

const Networks = graphql(`
  query NetworkList($after: String) {
    networks(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          path
          parameterCount
          inputShape
          exactness
          tags
        }
      }
    }
  }
`)

export function NetworkList() {
  const { rows, totalCount, fetchMore } = usePages(Networks, {}, ({ networks }) => networks)
  if (totalCount === 0) return <Empty>No network yet: drop an ONNX file on this page.</Empty>
  return (
    <Table
      label={`${count(totalCount)} networks`}
      rows={rows}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
      columns={[
        { title: 'name', cell: ({ node }) => <EntityLink path={node.path} /> },
        { title: 'parameters', number: true, cell: ({ node }) => short(node.parameterCount) },
        { title: 'input', cell: ({ node }) => shape(node.inputShape) },
        {
          title: 'tags',
          cell: ({ node }) => (
            <span className="row">
              {node.exactness === 'APPROXIMATE' && <span className="tag">approximate</span>}
              {node.tags.map((tag) => (
                <span className="tag" key={tag}>
                  {tag}
                </span>
              ))}
            </span>
          ),
        },
      ]}
    />
  )
}

const Datasets = graphql(`
  query DatasetList($after: String) {
    datasets(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          path
          inputCount
          shape
          classNames
        }
      }
    }
  }
`)

export function DatasetList() {
  const { rows, totalCount, fetchMore } = usePages(Datasets, {}, ({ datasets }) => datasets)
  if (totalCount === 0) return <Empty>No dataset yet: drop an NPZ, NPY, IDX or CSV file on this page.</Empty>
  return (
    <Table
      label={`${count(totalCount)} datasets`}
      rows={rows}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
      columns={[
        { title: 'name', cell: ({ node }) => <EntityLink path={node.path} /> },
        { title: 'inputs', number: true, cell: ({ node }) => count(node.inputCount) },
        { title: 'shape', cell: ({ node }) => shape(node.shape) },
        { title: 'classes', number: true, cell: ({ node }) => node.classNames.length || '–' },
      ]}
    />
  )
}

const Partitions = graphql(`
  query PartitionList($after: String, $filter: PartitionFilter) {
    partitions(first: 50, after: $after, filter: $filter) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          path
          bitCount
          siteCount
          regionCount
          labelEntropy
          computedAt
        }
      }
    }
  }
`)

/** All partitions, or those of one network or dataset. */
export function PartitionList({ filter }: { filter?: { network?: string; dataset?: string } }) {
  const { rows, totalCount, fetchMore } = usePages(Partitions, { filter }, ({ partitions }) => partitions)
  if (totalCount === 0)
    return <Empty>No partition yet: open a network and choose the layers that are to cut a dataset.</Empty>
  return (
    <Table
      label={`${count(totalCount)} partitions`}
      rows={rows}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
      columns={[
        { title: 'partition', cell: ({ node }) => <EntityLink path={node.path} /> },
        { title: 'bits', number: true, cell: ({ node }) => count(node.bitCount) },
        {
          title: 'regions',
          number: true,
          cell: ({ node }) => (node.computedAt ? count(node.regionCount) : 'being computed'),
        },
        {
          title: 'label entropy',
          number: true,
          cell: ({ node }) => (node.computedAt ? bits(node.labelEntropy) : ''),
        },
      ]}
    />
  )
}

const Series = graphql(`
  query SeriesList($after: String) {
    seriesList(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          path
          description
          members {
            step
          }
        }
      }
    }
  }
`)

export function SeriesList() {
  const { rows, totalCount, fetchMore } = usePages(Series, {}, ({ seriesList }) => seriesList)
  if (totalCount === 0)
    return (
      <Empty>
        No series: <code>npx atlas series create</code> names the checkpoints of one training.
      </Empty>
    )
  return (
    <Table
      label={`${count(totalCount)} series`}
      rows={rows}
      keyOf={({ node }) => node.path}
      onEnd={fetchMore}
      columns={[
        { title: 'name', cell: ({ node }) => <EntityLink path={node.path} /> },
        { title: 'networks', number: true, cell: ({ node }) => node.members.length },
        { title: 'last step', number: true, cell: ({ node }) => count(node.members.at(-1)?.step ?? 0) },
      ]}
    />
  )
}
