/** The affine map of a stored region, computed on the spot. */
import { unpackBits } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import { rankOf, runGeometry, singularValues, type AffineMap } from '../../../compute/geometry/index.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { RegionRow } from '../../store/models.ts'
import { inputValues } from './inputValues.ts'
import type { NetworkFiles } from './networkFiles.ts'

export type { AffineMap }

/**
 * The map of a region, by its code, worked out at its exemplar on a worker thread.
 * @throws AtlasError NOT_WHOLE_INPUT, NOT_PIECEWISE_AFFINE, TOO_LARGE, DELETED_MEANWHILE
 */
export async function affineMap(
  { partitionId, codeHash, bitCount, exemplarInput }: RegionRow,
  loaders: Loaders,
  files: NetworkFiles,
  signal: AbortSignal,
): Promise<AffineMap> {
  const [partition, code] = await Promise.all([
    loaders.partitionById.load([partitionId]).then(existing),
    loaders.code.load([codeHash, bitCount]).then(existing),
  ])
  if (partition.granularity !== 'WHOLE_INPUT') throw notWholeInput()
  const [network, dataset, raw] = await Promise.all([
    loaders.networkById.load([partition.networkId]).then(existing),
    loaders.datasetById.load([partition.datasetId]).then(existing),
    loaders.rawValues.load([partition.datasetId, exemplarInput]).then(existing),
  ])
  const { fromLayer, toLayer } = partition
  const task = {
    network: await files.load(network),
    region: { fromLayer, toLayer, bits: unpackBits(code.bits, bitCount) },
    point: { space: 'INPUT' as const, values: Float64Array.from(inputValues(raw, dataset)) },
  }
  return runGeometry('affineMap', task, signal)
}

/**
 * A map that was stored as rows of A, each with its entry of b.
 * @param columns of A
 */
export function storedMap(rows: readonly number[], columns: number): AffineMap {
  const width = columns + 1
  const matrix = Float64Array.from(rows.filter((_, i) => i % width !== columns))
  const bias = Float64Array.from(rows.filter((_, i) => i % width === columns))
  const values = singularValues(matrix, bias.length, columns)
  return {
    rows: bias.length,
    columns,
    matrix,
    bias,
    singularValues: values,
    rank: rankOf(values, bias.length, columns),
  }
}

function notWholeInput(): AtlasError {
  return new AtlasError(
    'NOT_WHOLE_INPUT',
    'A code of one position does not fix the polytope of the whole input: take a region of a WHOLE_INPUT partition.',
  )
}
