import { AtlasError } from '../../../compute/errors.ts'
import { storedMap } from '../../jobs/direct/affineMap.ts'
import { codeOfBits } from '../../jobs/direct/bits.ts'
import { boxSideOf, complexRegionOrders, isComplete } from '../../store/complexes.ts'
import { float64Values } from '../../store/float64.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { ComplexRegionRow, ComplexRow } from '../../store/models.ts'
import { complexPath } from '../../store/path.ts'
import { spanLayers, unitAt } from '../../store/span.ts'
import { affineMapAnswer } from '../affineMap.ts'
import { storedConnection } from '../connection.ts'
import type { ComplexFacetResolvers, ComplexRegionResolvers, ComplexResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { layerOf, networkOf } from '../lookup.ts'
import type { ComplexFacetModel } from '../models.ts'

/** The regions of a box. */
export const complexResolvers: ComplexResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Complex, [id]),
  path: (complex, _args, { loaders }) => pathOf(complex, loaders),
  network: (complex, _args, { loaders }) => networkOf(complex, loaders),
  toLayer: ({ networkId, toLayer }, _args, { loaders }) => layerOf(networkId, toLayer, loaders),
  box: ({ lower, upper }) => ({ lower: [...float64Values(lower)], upper: [...float64Values(upper)] }),
  limit: ({ regionLimit }) => regionLimit,
  complete: isComplete,
  job: ({ jobId }, _args, { loaders }) => (jobId === null ? null : loaders.job.load([jobId])),
  degrees: ({ id }, _args, { loaders }) => loaders.degreesOfComplex.load([id]),
  async meanDegree({ id }, _args, { loaders }) {
    const degrees = await loaders.degreesOfComplex.load([id])
    const regions = degrees.reduce((sum, { regionCount }) => sum + regionCount, 0)
    return regions === 0
      ? null
      : degrees.reduce((sum, row) => sum + row.degree * row.regionCount, 0) / regions
  },
  regions: ({ id, regionCount }, args, { loaders }, info) =>
    storedConnection(loaders.regionsOfComplex, [id], args, info, {
      order: complexRegionOrders[args.orderBy ?? 'INDEX_ASC'],
      count: async () => regionCount,
    }),
  async region({ id, bitCount }, { bits }, { loaders }) {
    if (bits.length !== bitCount)
      throw new AtlasError(
        'BAD_ARGUMENT',
        `A code of this complex has ${bitCount} bits, and ${bits.length} were given: give all of them.`,
      )
    return loaders.complexRegionByCode.load([id, codeOfBits(bits).hash])
  },
}

/** One polytope of a complex. */
export const complexRegionResolvers: ComplexRegionResolvers = {
  id: ({ complexId, index }) => toGlobalId(idTypes.ComplexRegion, [complexId, index]),
  path: async (region, _args, { loaders }) =>
    `${await pathOf(await complexOf(region, loaders), loaders)}/${region.codeHash}`,
  complex: (region, _args, { loaders }) => complexOf(region, loaders),
  code: async ({ codeHash, bitCount }, _args, { loaders }) =>
    existing(await loaders.code.load([codeHash, bitCount])),
  center: ({ center }) => [...float64Values(center)],
  async facets(region, _args, { loaders }) {
    const { networkId, toLayer } = await complexOf(region, loaders)
    const span = spanLayers(
      { fromLayer: 0, toLayer, granularity: 'WHOLE_INPUT' },
      await loaders.layersOfNetwork.load([networkId]),
    )
    return region.sources.map((source, i): ComplexFacetModel => ({
      complexId: region.complexId,
      distance: region.distances[i],
      neighbor: region.neighbors[i],
      ...(source >= 0
        ? { ...unitAt(source, span), axis: null, side: null }
        : { layer: null, unit: null, position: null, ...boxSideOf(source) }),
    }))
  },
  async affineMap(region, { full }, { loaders }) {
    const { lower } = await complexOf(region, loaders)
    return affineMapAnswer(
      storedMap(float64Values(region.map), lower.length / 8, float64Values(region.singularValues)),
      full ?? false,
    )
  },
}

/** A facet of a region of a complex. */
export const complexFacetResolvers: ComplexFacetResolvers = {
  neighbor: ({ complexId, neighbor }, _args, { loaders }) =>
    neighbor < 0 ? null : loaders.complexRegion.load([complexId, neighbor]),
}

async function complexOf({ complexId }: ComplexRegionRow, loaders: Loaders): Promise<ComplexRow> {
  return existing(await loaders.complexById.load([complexId]))
}

async function pathOf(complex: ComplexRow, loaders: Loaders): Promise<string> {
  const { name } = await networkOf(complex, loaders)
  return complexPath({ ...complex, network: name })
}
