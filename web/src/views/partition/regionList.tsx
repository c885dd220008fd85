import { useDeferredValue } from 'react'
import { useSearchParams } from 'wouter'
import { graphql, type ResultOf } from '../../lib/atlas.ts'
import { bits, count, percent } from '../../lib/format.ts'
import { useArgs } from '../../lib/useArgs.ts'
import { usePages } from '../../lib/useAnswer.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { LabelBar } from '../../parts/labels.tsx'
import { Empty, Loaded } from '../../parts/panel.tsx'
import { Picture, PictureFields } from '../../parts/picture.tsx'
import { Table } from '../../parts/table.tsx'
import { readFilter } from './regionFilter.ts'

/** What a row of a list of regions shows. */
export const RegionRowFields = graphql(
  `
    fragment RegionRow on Region {
      path
      memberCount
      activeBitCount
      labelEntropy
      purity
      labelCounts {
        label
        className
        count
      }
      exemplar {
        ...Picture
      }
    }
  `,
  [PictureFields],
)

type RegionRow = ResultOf<typeof RegionRowFields>

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
  const [search] = useSearchParams()
  const [get, set] = useArgs()
  const asked = get('order')
  const order = isOrder(asked) ? asked : 'MEMBER_COUNT_DESC'
  // The list of before stays while the next one is on its way.
  const filter = useDeferredValue(readFilter(search))
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

/** Regions with their exemplars and labels. */
export function RegionTable({
  label,
  rows,
  onEnd,
}: {
  label: string
  rows: readonly RegionRow[]
  onEnd?: () => void
}) {
  return (
    <Table
      label={label}
      rows={rows}
      keyOf={({ path }) => path}
      onEnd={onEnd}
      columns={[
        {
          title: 'exemplar',
          cell: ({ exemplar }) => <Picture input={exemplar} size={2.2} caption="" />,
        },
        {
          title: 'region',
          cell: ({ path }) => <EntityLink path={path}>{path.split('/').at(-1)?.slice(0, 12)}…</EntityLink>,
        },
        { title: 'members', number: true, cell: ({ memberCount }) => count(memberCount) },
        { title: 'active bits', number: true, cell: ({ activeBitCount }) => count(activeBitCount) },
        { title: 'entropy', number: true, cell: ({ labelEntropy }) => bits(labelEntropy) },
        { title: 'purity', number: true, cell: ({ purity }) => percent(purity) },
        { title: 'labels', cell: ({ labelCounts }) => <LabelBar counts={labelCounts} /> },
      ]}
    />
  )
}
