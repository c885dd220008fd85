import { graphql, type ResultOf } from '../lib/atlas.ts'
import { bits, count, percent } from '../lib/format.ts'
import { EntityLink } from './entityLink.tsx'
import { LabelBar } from './labels.tsx'
import { Picture, PictureFields } from './picture.tsx'
import { Table } from './table.tsx'

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
