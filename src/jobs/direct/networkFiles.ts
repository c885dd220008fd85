import { LRUCache } from 'lru-cache'
import type { NetworkFile } from '../../../compute/geometry/index.ts'
import type { Database } from '../../store/database.ts'
import { readFile } from '../../store/files.ts'
import type { NetworkRow } from '../../store/models.ts'

/** Bytes of ONNX files that a server keeps between requests. */
const CACHE_BYTES = 512 << 20

/** The ONNX files of networks in memory that all threads see, kept between requests: they never change. */
export interface NetworkFiles {
  load(network: Pick<NetworkRow, 'sha256' | 'byteCount'>): Promise<NetworkFile>
}

export function createNetworkFiles(db: Database): NetworkFiles {
  const cache = new LRUCache<string, Promise<NetworkFile>>({ maxSize: CACHE_BYTES })
  return {
    load({ sha256, byteCount }) {
      const known = cache.get(sha256)
      if (known) return known
      const file = readFile(db, sha256).then((bytes) => ({ sha256, bytes: shared(bytes) }))
      cache.set(sha256, file, { size: Math.max(1, Number(byteCount)) })
      file.catch(() => cache.delete(sha256))
      return file
    },
  }
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
