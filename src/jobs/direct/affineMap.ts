/** The affine map of a stored region, computed on the spot. */
import { rankOf, runGeometry, type AffineMap } from '../../../compute/geometry/index.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { RegionRow } from '../../store/models.ts'
import type { NetworkFiles } from './networkFiles.ts'
import { regionTask } from './regionTask.ts'

export type { AffineMap }

/**
 * The map of a region, by its code, worked out at its exemplar on a worker thread.
 * @throws AtlasError NOT_WHOLE_INPUT, NOT_PIECEWISE_AFFINE, TOO_LARGE, DELETED_MEANWHILE
 */
export async function affineMap(
  region: RegionRow,
  loaders: Loaders,
  files: NetworkFiles,
  signal: AbortSignal,
): Promise<AffineMap> {
  return runGeometry('affineMap', await regionTask(region, loaders, files), signal)
}

/**
 * A map that was stored as rows of A, each with its entry of b.
 * @param columns of A
 */
export function storedMap(rows: Float64Array, columns: number, singularValues: Float64Array): AffineMap {
  const width = columns + 1
  const matrix = rows.filter((_, i) => i % width !== columns)
  const bias = rows.filter((_, i) => i % width === columns)
  return {
    rows: bias.length,
    columns,
    matrix,
    bias,
    singularValues,
    rank: rankOf(singularValues, bias.length, columns),
  }
}
