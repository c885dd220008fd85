import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import { AtlasError } from '../../compute/errors.ts'
import { affineMap, type AffineMap } from '../jobs/direct/affineMap.ts'
import type { NetworkFiles } from '../jobs/direct/networkFiles.ts'
import { whileWaiting, type Database } from '../store/database.ts'
import { createLoaders, type Loaders } from '../store/loaders.ts'
import type { RegionRow } from '../store/models.ts'
import { partitionTuple } from '../store/partitions.ts'
import { parsePath } from '../store/path.ts'
import { waitingFor } from './waitingFor.ts'

/** `/regions/mnist-a/0..2@mnist/<32 hex digits>/affine-map.npy` */
export const AFFINE_MAP_ROUTE = '/regions/*path/affine-map.npy'

/**
 * Sends the affine map of a region as an NPY file: float64, rows x (columns + 1), where the last column is b and the
 * others are A. Answers 404 where there is no such region.
 */
export function affineMapHandler(
  db: Database,
  files: NetworkFiles,
  timeoutSeconds: number,
): RequestHandler<{ path: string[] }> {
  return async (request, response) => {
    const waiting = waitingFor(response, timeoutSeconds)
    const loaders = createLoaders(whileWaiting(db, waiting))
    const region = await regionAt(request.params.path.join('/'), loaders)
    // No other region of this atlas ever has its key, though its path may come to mean another.
    const kept = { etag: `"${region.partitionId}-${region.index}"`, 'cache-control': 'private, no-cache' }
    if (request.get('if-none-match') === kept.etag) return void response.status(304).set(kept).end()
    const map = await affineMap(region, loaders, files, waiting.signal)
    response.type('application/octet-stream').set(kept)
    await pipeline(npyOf(map), response)
  }
}

/** Throws BAD_PATH, UNKNOWN_REGION. */
async function regionAt(path: string, loaders: Loaders): Promise<RegionRow> {
  const key = parsePath(path)
  if (key.kind === 'region') {
    const partition = await loaders.partitionByKey.load(partitionTuple(key))
    const region = partition && (await loaders.regionByCode.load([partition.id, key.codeHash]))
    if (region) return region
  }
  throw new AtlasError('UNKNOWN_REGION', `There is no region "${path}".`)
}

/** NPY version 1.0 (NumPy enhancement proposal 1): magic, header padded to 64 bytes, then little-endian values. */
function* npyOf({ rows, columns, matrix, bias }: AffineMap): Generator<Buffer> {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, ${columns + 1}), }`
  const preamble = 10
  const padded = Math.ceil((preamble + dictionary.length + 1) / 64) * 64
  const header = Buffer.alloc(padded, ' ')
  header.write('\x93NUMPY\x01\x00', 'latin1')
  header.writeUInt16LE(padded - preamble, 8)
  header.write(dictionary, preamble, 'latin1')
  header.write('\n', padded - 1, 'latin1')
  yield header
  for (let row = 0; row < rows; row++) {
    const values = new Float64Array(columns + 1)
    values.set(matrix.subarray(row * columns, (row + 1) * columns))
    values[columns] = bias[row]
    yield Buffer.from(values.buffer)
  }
}
