import { AtlasError } from '../../../compute/errors.ts'
import { boxSideOf, complexRegionOrders, complexTuple, isComplete } from '../../store/complexes.ts'
import { float64Values } from '../../store/float64.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { ComplexRegionRow, ComplexRow } from '../../store/models.ts'
import { complexPath, type ComplexKey } from '../../store/path.ts'
import { spanLayers, unitAt, type SpanLayer } from '../../store/span.ts'
import { count, decimal } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import type { Answer } from './answer.ts'

const SHOWN_REGIONS = 10

/** A complex with its widest regions. Throws UNKNOWN_COMPLEX. */
export async function complexAnswer({ loaders }: AtlasCli, key: ComplexKey): Promise<Answer> {
  const row = await findComplex(loaders, key)
  const complex = await complexView(loaders, row)
  const page = await loaders.regionsOfComplex.page([row.id], {
    first: SHOWN_REGIONS,
    order: complexRegionOrders.INRADIUS_DESC,
  })
  const regions = page.rows.map((entry) => regionView(complex.path, entry))
  return {
    document: { kind: 'complex', ...complex, widestRegions: regions },
    text: sections(
      complexSummary(complex),
      regions.length === 0
        ? null
        : section(
            'Widest regions',
            table(
              ['path', 'inradius', 'neighbours'],
              regions.map(({ path, inradius, degree }) => [path, inradius.toPrecision(3), degree]),
            ),
          ),
    ),
  }
}

/** A region of a complex with its facets. Throws UNKNOWN_COMPLEX, UNKNOWN_REGION. */
export async function complexRegionAnswer(
  { loaders }: AtlasCli,
  key: ComplexKey,
  codeHash: string,
): Promise<Answer> {
  const complex = await findComplex(loaders, key)
  const path = complexPath(key)
  const row = await loaders.complexRegionByCode.load([complex.id, codeHash])
  if (!row)
    throw new AtlasError(
      'UNKNOWN_REGION',
      `The complex "${path}" has no enumerated region ${codeHash}: \`atlas show ${path}\` names its widest ones.`,
    )
  const region = regionView(path, row)
  const facets = await facetsOf(loaders, complex, row)
  return {
    document: { kind: 'complexRegion', ...region, facets },
    text: sections(
      fields([
        ['region', region.path],
        ['number', region.index],
        ['neighbours', region.degree],
        ['inradius', region.inradius.toPrecision(3)],
        ['centre', region.center.map(decimal).join(', ')],
        ['facets', region.complete ? null : 'not all known: the region is thin'],
      ]),
      section(
        'Facets',
        table(
          ['boundary', 'distance', 'region across'],
          facets.map(({ boundary, distance, neighbor }) => [
            boundary,
            distance.toPrecision(3),
            neighbor ?? '',
          ]),
        ),
      ),
    ),
  }
}

async function findComplex(loaders: Loaders, key: ComplexKey): Promise<ComplexRow> {
  const complex = await loaders.complexByKey.load(complexTuple(key))
  if (complex) return complex
  throw new AtlasError(
    'UNKNOWN_COMPLEX',
    `There is no complex "${complexPath(key)}": \`atlas enumerate ${key.network}\` with --lower and --upper makes one.`,
  )
}

async function facetsOf(loaders: Loaders, { networkId, toLayer }: ComplexRow, row: ComplexRegionRow) {
  const layers = await loaders.layersOfNetwork.load([networkId])
  const span = spanLayers({ fromLayer: 0, toLayer, granularity: 'WHOLE_INPUT' }, layers)
  return row.sources.map((source, i) => ({
    boundary: source < 0 ? sideText(source) : unitText(source, span),
    distance: row.distances[i],
    neighbor: row.neighbors[i] < 0 ? null : row.neighbors[i],
  }))
}

function sideText(source: number): string {
  const { axis, side } = boxSideOf(source)
  return `${side.toLowerCase()} side of axis ${axis}`
}

function unitText(source: number, span: readonly SpanLayer[]): string {
  const { layer, unit, position } = unitAt(source, span)
  return `layer ${layer}, unit ${unit}${position > 0 ? ` at ${position}` : ''}`
}

export type ComplexView = Awaited<ReturnType<typeof complexView>>

/** A complex as `--json` shows it. */
export async function complexView(loaders: Loaders, row: ComplexRow) {
  const { toLayer, boxHash, bitCount, regionLimit: limit, regionCount, frontierCount, undecidedCount } = row
  const [network, degrees] = await Promise.all([
    loaders.networkById.load([row.networkId]),
    loaders.degreesOfComplex.load([row.id]),
  ])
  // Null only where the network was deleted between two reads.
  const name = network?.name ?? ''
  return {
    path: complexPath({ network: name, toLayer, boxHash }),
    network: name,
    toLayer,
    lower: [...float64Values(row.lower)],
    upper: [...float64Values(row.upper)],
    bitCount,
    limit,
    regionCount,
    frontierCount,
    undecidedCount,
    complete: isComplete(row),
    degrees: degrees.map(({ degree, regionCount: regions }) => ({ degree, regionCount: regions })),
  }
}

function regionView(complex: string, row: ComplexRegionRow) {
  const { index, codeHash, complete, inradius, degree } = row
  return {
    path: `${complex}/${codeHash}`,
    index,
    complete,
    center: [...float64Values(row.center)],
    inradius,
    degree,
  }
}

/** The numbers of a complex, one a line. */
export function complexSummary(complex: ComplexView): string {
  const { degrees, regionCount, frontierCount } = complex
  const decided = degrees.reduce((sum, row) => sum + row.regionCount, 0)
  const edges = degrees.reduce((sum, row) => sum + row.degree * row.regionCount, 0)
  return fields([
    ['complex', complex.path],
    ['box', complex.lower.map((low, axis) => `${low} to ${complex.upper[axis]}`).join(', ')],
    ['bits', complex.bitCount],
    ['regions', complex.complete ? `${count(regionCount)}, all of the box` : regionCount],
    ['found besides', frontierCount === 0 ? null : `${count(frontierCount)}, not enumerated`],
    ['too thin', complex.undecidedCount === 0 ? null : complex.undecidedCount],
    ['neighbours', decided === 0 ? null : `${decimal(edges / decided)} a region`],
  ])
}
