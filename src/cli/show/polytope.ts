import { float64Values } from '../../store/float64.ts'
import type { FacetRow, PolytopeRow, RegionRow } from '../../store/models.ts'
import { crossedFacets, facetOrder } from '../../store/polytopes.ts'
import { decimal } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { regionView, type PartitionView } from '../views.ts'

const SHOWN_FACETS = 16

/** A region's polytope with what lies across its nearest facets. */
export interface PolytopePart {
  document: object
  text: string
}

/** Null before its facets were computed. */
export async function polytopePart(
  { loaders }: AtlasCli,
  partition: PartitionView,
  region: RegionRow,
): Promise<PolytopePart | null> {
  const key = [region.partitionId, region.index] as const
  const polytope = await loaders.polytope.load([...key])
  if (!polytope) return null
  const page = await loaders.facetsOfRegion.page(key, {
    first: SHOWN_FACETS,
    order: facetOrder,
    filter: crossedFacets(null),
  })
  const facets = await Promise.all(
    page.rows.map(async (row) => {
      const across = await loaders.regionByCode.load([region.partitionId, row.codeHash])
      return facetView(row, across && regionView(partition, across))
    }),
  )
  return {
    document: { ...polytopeView(polytope), nearestFacets: facets },
    text: sections(
      section('Polytope', summary(polytope)),
      facets.length === 0
        ? null
        : section(
            'Nearest facets',
            table(
              ['layer', 'unit', 'position', 'offset', 'differing bits', 'members', 'region across'],
              facets.map(({ layer, unit, position, offset, distance, region: across }) => [
                ...[layer, unit, position],
                offset.toPrecision(3),
                distance,
                across?.memberCount ?? 0,
                across?.path ?? '',
              ]),
            ),
          ),
    ),
  }
}

function polytopeView(polytope: PolytopeRow) {
  const { facetCount, boxFacetCount, center, inradius, complete, boxLower, boxUpper, computedAt } = polytope
  const chebyshevCenter = center && [...float64Values(center)]
  const box = boxLower &&
    boxUpper && { lower: [...float64Values(boxLower)], upper: [...float64Values(boxUpper)] }
  return { facetCount, boxFacetCount, chebyshevCenter, inradius, complete, box, computedAt }
}

function facetView(
  { layer, unit, position, distance, bitDistance, codeHash }: FacetRow,
  region: ReturnType<typeof regionView> | null,
) {
  return { layer, unit, position, offset: distance, distance: bitDistance, codeHash, region }
}

function summary({ facetCount, boxFacetCount, inradius, complete }: PolytopeRow): string {
  const sides = boxFacetCount === 0 ? '' : `, ${boxFacetCount} of them sides of the box`
  return fields([
    ['facets', `${facetCount}${sides}${complete ? '' : ' (some may be missing)'}`],
    ['inradius', radiusText(inradius, complete)],
  ])
}

function radiusText(inradius: number | null, complete: boolean): string {
  if (inradius === 0) return '0: no point has this code'
  if (inradius !== null) return decimal(inradius)
  return complete ? 'unbounded' : 'unbounded or not known'
}
