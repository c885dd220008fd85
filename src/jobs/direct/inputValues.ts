import { decodeValues } from '../../ingest/index.ts'
import type { DatasetRow } from '../../store/models.ts'

/** The values of one stored sample as the networks get them: float32, row-major. */
export function inputValues(raw: Uint8Array, dataset: DatasetRow): Float32Array {
  return decodeValues(raw, dataset.elementType, dataset.scale)
}
