import { useState } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { bits, count, percent, shape } from '../../lib/format.ts'
import { useAnswer, usePages } from '../../lib/useAnswer.ts'
import { size } from '../../lib/useSetting.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Empty, Loaded, Panel } from '../../parts/panel.tsx'
import { Table } from '../../parts/table.tsx'

const Layer = graphql(`
  query LayerPage($path: String!) {
    entity(path: $path) {
      ... on Layer {
        index
        name
        operator
        unitCount
        positionShape
        bitsPerUnit
        bitCount
        exact
        network {
          path
          inputShape
        }
      }
    }
    datasets(first: 200) {
      nodes {
        name
        shape
        classNames
      }
    }
  }
`)

const Units = graphql(`
  query Units($path: String!, $dataset: String!, $orderBy: UnitOrder, $after: String) {
    entity(path: $path) {
      ... on Layer {
        units(dataset: $dataset, first: 100, orderBy: $orderBy, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              index
              firingRate
              label
              purity
              labelEntropy
              baselineLabelEntropy
              mutualInformation
            }
          }
        }
      }
    }
  }
`)

const ORDERS = {
  INDEX_ASC: 'in the order of the layer',
  LABEL_ENTROPY_ASC: 'those of one class first',
  LABEL_ENTROPY_DESC: 'the most polysemantic first',
  FIRING_RATE_ASC: 'those that fire least first',
  FIRING_RATE_DESC: 'those that fire most first',
  MUTUAL_INFORMATION_DESC: 'those that tell most first',
} as const

type Order = keyof typeof ORDERS

const isOrder = (text: string): text is Order => text in ORDERS

/** A layer, and what each of its units says of a dataset. */
export default function LayerView({ path }: { path: string }) {
  const { entity: layer, datasets } = useAnswer(Layer, { path })
  const [order, setOrder] = useState<Order>('INDEX_ASC')
  const [chosen, choose] = useState('')
  if (!layer || !('operator' in layer)) return null
  const fitting = datasets.nodes.filter(({ shape }) => size(shape) === size(layer.network.inputShape))
  const dataset = fitting.find(({ name }) => name === chosen) ?? fitting.at(0)
  return (
    <>
      <div className="stack">
        <h1>
          Layer {layer.index}: {layer.operator}
        </h1>
        <p>
          of <EntityLink path={layer.network.path} />
        </p>
      </div>
      <div className="columns wide-left">
        <Panel title="Units">
          <div className="row">
            {fitting.length > 1 && dataset && (
              <label>
                over
                <select value={dataset.name} onChange={({ target }) => choose(target.value)}>
                  {fitting.map(({ name }) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
            )}
            <label>
              order
              <select
                value={order}
                onChange={({ target }) => isOrder(target.value) && setOrder(target.value)}
              >
                {Object.entries(ORDERS).map(([name, text]) => (
                  <option key={name} value={name}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {dataset ? (
            <Loaded what="units" key={dataset.name + order}>
              <UnitTable path={path} dataset={dataset.name} orderBy={order} classNames={dataset.classNames} />
            </Loaded>
          ) : (
            <Empty>No dataset has inputs that its network reads.</Empty>
          )}
        </Panel>
        <Panel title="Facts">
          <Facts
            rows={[
              ['node', layer.name],
              ['units', count(layer.unitCount)],
              ['positions', layer.positionShape.length > 0 ? shape(layer.positionShape) : 'one'],
              ['bits a unit', layer.bitsPerUnit],
              ['bits', count(layer.bitCount)],
              ['exact', layer.exact ? 'yes' : 'no: a smooth gate'],
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

interface UnitTableProps {
  path: string
  dataset: string
  orderBy: Order
  classNames: readonly string[]
}

function UnitTable({ classNames, ...variables }: UnitTableProps) {
  const { rows, totalCount, fetchMore } = usePages(Units, variables, ({ entity }) =>
    entity && 'units' in entity ? entity.units : null,
  )
  return (
    <Table
      label={`${count(totalCount)} units`}
      rows={rows}
      keyOf={({ node }) => String(node.index)}
      onEnd={fetchMore}
      columns={[
        { title: 'unit', number: true, cell: ({ node }) => node.index },
        { title: 'fires for', number: true, cell: ({ node }) => percent(node.firingRate) },
        { title: 'class', cell: ({ node }) => node.label !== null && (classNames[node.label] ?? node.label) },
        { title: 'purity', number: true, cell: ({ node }) => percent(node.purity) },
        { title: 'entropy', number: true, cell: ({ node }) => bits(node.labelEntropy) },
        { title: 'by chance', number: true, cell: ({ node }) => bits(node.baselineLabelEntropy) },
        { title: 'tells', number: true, cell: ({ node }) => bits(node.mutualInformation) },
      ]}
    />
  )
}
