import { graphql, type ResultOf } from '../../lib/atlas.ts'
import { rampColor, RAMP_GRADIENT } from '../../lib/colors.ts'
import { count, counted } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { PictureFields } from '../../parts/picture.tsx'
import { EntityLink } from '../../parts/entityLink.tsx'

const Splits = graphql(
  `
    query Contingency($a: ID!, $b: ID!) {
      comparison(a: $a, b: $b) {
        splits(side: A, first: 24, orderBy: MEMBER_COUNT_DESC) {
          totalCount
          nodes {
            partCount
            region {
              path
              memberCount
              exemplar {
                ...Picture
              }
            }
            parts {
              sharedMembers
              region {
                path
                memberCount
                exemplar {
                  ...Picture
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

type Split = NonNullable<ResultOf<typeof Splits>['comparison']>['splits']['nodes'][number]
type Shown = Split['region']

/** Regions of b that have a column. */
const COLUMNS = 24

/** How many members the greatest regions of a share with which regions of b, as a heat map. */
export function Contingency({ a, b }: { a: string; b: string }) {
  const { comparison } = useAnswer(Splits, { a, b })
  if (!comparison) return null
  const { nodes: rows, totalCount } = comparison.splits
  const columns = columnsOf(rows)
  return (
    <>
      <p className="hint">
        Rows: the {counted(rows.length, 'biggest region')} of a, of {count(totalCount)}. Columns: regions of b
        that hold most of their members, the ten greatest parts of each row. Bright: a great share of the row.
      </p>
      <div
        className="ramp"
        style={{ background: RAMP_GRADIENT }}
        role="img"
        aria-label="0 to 100 % of the row"
      />
      <div className="heat" tabIndex={0} role="region" aria-label="Heat map of shared members">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden-text">region of a</span>
              </th>
              {columns.map((region) => (
                <th key={region.path} scope="col">
                  <RegionPicture region={region} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ region, parts }) => {
              const shared = new Map(parts.map((part) => [part.region.path, part.sharedMembers]))
              return (
                <tr key={region.path}>
                  <th scope="row">
                    <RegionPicture region={region} />
                  </th>
                  {columns.map(({ path }) => {
                    const members = shared.get(path) ?? 0
                    const said = counted(members, 'shared member')
                    const color = members === 0 ? undefined : rampColor(members / region.memberCount)
                    return (
                      <td key={path} style={{ background: color }} title={said}>
                        <span className="hidden-text">{members}</span>
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** The regions of b that hold most members of the rows, those first. */
function columnsOf(rows: readonly Split[]): Shown[] {
  const totals = new Map<string, { region: Shown; members: number }>()
  for (const { region, sharedMembers } of rows.flatMap(({ parts }) => parts)) {
    const known = totals.get(region.path)
    totals.set(region.path, { region, members: (known?.members ?? 0) + sharedMembers })
  }
  const sorted = [...totals.values()].sort((x, y) => y.members - x.members)
  return sorted.slice(0, COLUMNS).map(({ region }) => region)
}

function RegionPicture({ region }: { region: Shown }) {
  return (
    <EntityLink path={region.path}>
      {region.exemplar.image ? (
        <img
          src={region.exemplar.image}
          alt={`region of ${counted(region.memberCount, 'member')}`}
          width="24"
          height="24"
        />
      ) : (
        region.memberCount
      )}
    </EntityLink>
  )
}
