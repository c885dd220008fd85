import { inspectNetworkApart } from '../../../compute/onnx/index.ts'
import { createNetwork } from '../../store/createNetwork.ts'
import type { Database } from '../../store/database.ts'
import { fileSize, readFileChunks } from '../../store/files.ts'
import { checkName } from '../../store/path.ts'

export interface ImportNetworkRequest {
  name: string
  /** Handle of a stored file. */
  file: string
  description: string
  tags: readonly string[]
}

/** As the atlas stores them. */
const NUMBER_TYPES = {
  float16: 'FLOAT16',
  float32: 'FLOAT32',
  float64: 'FLOAT64',
  int32: 'INT32',
  int64: 'INT64',
} as const

/**
 * Reads and checks a stored ONNX file and makes it a network; answers the network's id. Takes well under a
 * second for a few megabytes, so it is no job. Throws BAD_NAME, UNKNOWN_FILE, NAME_TAKEN, NETWORK_EXISTS and
 * what `inspectNetworkApart` throws; nothing is stored then.
 *
 * @param signal ends the reading of the file
 */
export async function importNetwork(
  db: Database,
  request: ImportNetworkRequest,
  signal?: AbortSignal,
): Promise<number> {
  checkName(request.name)
  const byteCount = await fileSize(db, request.file)
  const pieces = () => readFileChunks(db, request.file)
  const summary = await inspectNetworkApart({ byteCount, pieces }, { signal })
  return createNetwork(db, {
    name: request.name,
    sha256: request.file,
    description: request.description,
    tags: [...request.tags],
    parameterCount: summary.parameterCount,
    inputType: NUMBER_TYPES[summary.inputType],
    inputShape: [...summary.inputShape],
    outputShape: [...summary.outputShape],
    exactness: summary.exactness,
    approximations: [...summary.approximations],
    layers: summary.layers.map((layer) => ({
      index: layer.index,
      name: layer.name,
      operator: layer.operator,
      unitCount: layer.unitCount,
      positionCount: layer.positionCount,
      positionShape: [...layer.positionShape],
      bitsPerUnit: layer.bitsPerUnit,
      exact: layer.exact,
    })),
  })
}
