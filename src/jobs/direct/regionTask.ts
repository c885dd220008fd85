import { unpackBits } from '../../../compute/codes/index.ts'
import { AtlasError } from '../../../compute/errors.ts'
import type { RegionTask } from '../../../compute/geometry/index.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { PartitionRow, RegionRow } from '../../store/models.ts'
import { inputValues } from './inputValues.ts'
import type { NetworkFiles } from './networkFiles.ts'

/**
 * What the geometry needs of a stored region: its network, its code, its exemplar.
 * @throws AtlasError NOT_WHOLE_INPUT, DELETED_MEANWHILE
 */
export async function regionTask(
  { partitionId, codeHash, bitCount, exemplarInput }: RegionRow,
  loaders: Loaders,
  files: NetworkFiles,
): Promise<RegionTask> {
  const [partition, code] = await Promise.all([
    loaders.partitionById.load([partitionId]).then(existing),
    loaders.code.load([codeHash, bitCount]).then(existing),
  ])
  checkWholeInput(partition)
  const [network, dataset, raw] = await Promise.all([
    loaders.networkById.load([partition.networkId]).then(existing),
    loaders.datasetById.load([partition.datasetId]).then(existing),
    loaders.rawValues.load([partition.datasetId, exemplarInput]).then(existing),
  ])
  const { fromLayer, toLayer } = partition
  return {
    network: await files.load(network),
    region: { fromLayer, toLayer, bits: unpackBits(code.bits, bitCount) },
    point: { space: 'INPUT', values: Float64Array.from(inputValues(raw, dataset)) },
  }
}

/** Throws NOT_WHOLE_INPUT where the regions of a partition are no polytopes of whole inputs. */
export function checkWholeInput({ granularity }: PartitionRow): void {
  if (granularity === 'WHOLE_INPUT') return
  throw new AtlasError(
    'NOT_WHOLE_INPUT',
    'A code of one position does not fix the polytope of the whole input: take a region of a WHOLE_INPUT partition.',
  )
}
