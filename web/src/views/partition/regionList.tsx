import { useDeferredValue } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { count } from '../../lib/format.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { Empty, Loaded } from '../../parts/panel.tsx'
import { RegionRowFields, RegionTable } from '../../parts/regionTable.tsx'
import { readFilter } from './regionFilter.ts'

const Regions = graphql(
  `
    query RegionList($path: String!, $filter: RegionFilter, $orderBy: RegionOrder, $after: String) {
      partition(path: $path) {
        regions(first: 50, after: $after, filter: $filter, orderBy: $orderBy) {
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
  `,
  [RegionRowFields],
)

const ORDERS = {
  MEMBER_COUNT_DESC: 'most members first',
  MEMBER_COUNT_ASC: 'fewest members first',
  LABEL_ENTROPY_ASC: 'purest first',
  LABEL_ENTROPY_DESC: 'most mixed first',
  ACTIVE_BITS_DESC: 'most active bits first',
  ACTIVE_BITS_ASC: 'fewest active bits first',
  INDEX_ASC: 'as in the dataset',
} as const

type Order = keyof typeof ORDERS

const isOrder = (text: string): text is Order => text in ORDERS

/** The regions that meet the address' filter, in its order. */
export function RegionList({ path }: { path: string }) {
  const [get, set] = useArgs()
  const asked = get('order')
  const order = isOrder(asked) ? asked : 'MEMBER_COUNT_DESC'
  // The list of before stays while the next one is on its way.
  const filter = useDeferredValue(readFilter(get))
  return (
    <>
      <label>
        order
        <select value={order} onChange={({ target }) => set({ order: target.value })}>
          {Object.entries(ORDERS).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Loaded what="regions" key={JSON.stringify([filter, order])}>
        <Listed path={path} filter={filter} orderBy={order} />
      </Loaded>
    </>
  )
}

function Listed(variables: { path: string; filter: ReturnType<typeof readFilter>; orderBy: Order }) {
  const { rows, totalCount, fetchMore } = usePages(Regions, variables, ({ partition }) => partition?.regions)
  if (totalCount === 0) return <Empty>No region meets these conditions.</Empty>
  return (
    <>
      <p className="hint">{count(totalCount)} regions</p>
      <RegionTable
        label={`${count(totalCount)} regions`}
        rows={rows.map(({ node }) => node)}
        onEnd={fetchMore}
      />
    </>
  )
}
