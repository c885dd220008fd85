import type { RequestHandler } from 'express'
import { AtlasError } from '../../compute/errors.ts'
import { affineMap, type AffineMap } from '../jobs/direct/affineMap.ts'
import { createNetworkFiles } from '../jobs/direct/networkFiles.ts'
import type { Database } from '../store/database.ts'
import { createLoaders } from '../store/loaders.ts'
import { partitionTuple } from '../store/partitions.ts'
import { parsePath } from '../store/path.ts'
import { goneSignal } from './goneSignal.ts'

/** `/regions/mnist-a/0..2@mnist/<32 hex digits>/affine-map.npy` */
export const AFFINE_MAP_ROUTE = '/regions/*path/affine-map.npy'

/**
 * Sends the affine map of a region as an NPY file: float64, rows x (columns + 1), where the last column is b and the
 * others are A. Answers 404 where there is no such region.
 */
export function affineMapHandler(db: Database): RequestHandler<{ path: string[] }> {
  const files = createNetworkFiles(db)
  return async (request, response) => {
    const loaders = createLoaders(db)
    try {
      const key = parsePath(request.params.path.join('/'))
      const partition = key.kind === 'region' ? await loaders.partitionByKey.load(partitionTuple(key)) : null
      const region =
        key.kind === 'region' && partition
          ? await loaders.regionByCode.load([partition.id, key.codeHash])
          : null
      if (!region)
        throw new AtlasError('UNKNOWN_REGION', `There is no region "${request.params.path.join('/')}".`)
      const map = await affineMap(region, loaders, files, goneSignal(response))
      response.type('application/octet-stream').end(npyOf(map))
    } catch (error) {
      if (response.destroyed || !(error instanceof AtlasError)) throw error
      const { code, message } = error
      const status = code === 'UNKNOWN_REGION' || code === 'BAD_PATH' ? 404 : 422
      response.status(status).json({ errors: [{ message, extensions: { code } }] })
    }
  }
}

/** NPY version 1.0 (NumPy enhancement proposal 1): magic, header padded to 64 bytes, then little-endian values. */
function npyOf({ rows, columns, matrix, bias }: AffineMap): Buffer {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, ${columns + 1}), }`
  const preamble = 10
  const padded = Math.ceil((preamble + dictionary.length + 1) / 64) * 64
  const header = Buffer.alloc(padded, ' ')
  header.write('\x93NUMPY\x01\x00', 'latin1')
  header.writeUInt16LE(padded - preamble, 8)
  header.write(dictionary, preamble, 'latin1')
  header.write('\n', padded - 1, 'latin1')
  const values = new Float64Array(rows * (columns + 1))
  for (let row = 0; row < rows; row++) {
    values.set(matrix.subarray(row * columns, (row + 1) * columns), row * (columns + 1))
    values[row * (columns + 1) + columns] = bias[row]
  }
  return Buffer.concat([header, Buffer.from(values.buffer)])
}
