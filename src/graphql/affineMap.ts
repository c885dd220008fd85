import { AtlasError } from '../../compute/errors.ts'
import { affineMap, type AffineMap } from '../jobs/direct/affineMap.ts'
import type { RegionRow } from '../store/models.ts'
import type { Context } from './context.ts'
import type { AffineMap as AffineMapAnswer, RegionAffineMapArgs } from './generated/types.ts'

/** Entries of a matrix that an answer holds at most: some 20 MB of JSON. */
const MAX_ENTRIES = 1_000_000

/** The affine map of a region. Throws what `affineMap` throws. */
export async function readAffineMap(
  region: RegionRow,
  { full }: Partial<RegionAffineMapArgs>,
  { loaders, networkFiles, signal }: Context,
): Promise<AffineMapAnswer> {
  return affineMapAnswer(await affineMap(region, loaders, networkFiles, signal), full ?? false)
}

/** A map as the API answers it. Throws TOO_LARGE. */
export function affineMapAnswer(map: AffineMap, full: boolean): AffineMapAnswer {
  const { rows, columns, rank, singularValues } = map
  return {
    shape: [rows, columns],
    rank,
    singularValues: [...singularValues],
    norm: singularValues[0] ?? 0,
    ...(full ? entriesOf(map) : {}),
  }
}

function entriesOf({ rows, columns, matrix, bias }: AffineMap): { matrix: number[][]; bias: number[] } {
  if (matrix.length > MAX_ENTRIES)
    throw new AtlasError(
      'TOO_LARGE',
      `The matrix has ${matrix.length} entries, and an answer holds ${MAX_ENTRIES} at most: fetch it as a file from ` +
        '/regions/<path>/affine-map.npy.',
    )
  const row = (i: number) => [...matrix.subarray(i * columns, (i + 1) * columns)]
  return { matrix: Array.from({ length: rows }, (_, i) => row(i)), bias: [...bias] }
}
