import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import type { Database } from '../../store/database.ts'
import type { PartitionRow } from '../../store/models.ts'
import { codeBytes, readCodesOfPartitions } from '../../store/regionCodes.ts'

/** Bytes of codes that a server keeps between requests. */
const CACHE_BYTES = 256 << 20

/** The codes of computed partitions' regions, kept between requests: they never change once computed. */
export interface RegionCodeCache {
  /** Packed codes by region index: regionCount x ceil(bitCount / 8) bytes. */
  load(partition: PartitionRow): Promise<Buffer>
}

/** A cache of at most 256 MiB; what is loaded in one tick shares its statements. */
export function createRegionCodeCache(db: Database): RegionCodeCache {
  const cache = new LRUCache<string, Promise<Buffer>>({ maxSize: CACHE_BYTES })
  const reader = new DataLoader<PartitionRow, Buffer>((keys) => readCodesOfPartitions(db, keys), {
    cache: false,
  })
  return {
    load(partition) {
      const key = `${partition.id}@${partition.computedAt?.getTime() ?? 'never'}`
      const known = cache.get(key)
      if (known) return known
      const codes = reader.load(partition)
      cache.set(key, codes, { size: Math.max(1, regionCodeBytes(partition)) })
      codes.catch(() => cache.delete(key))
      return codes
    },
  }
}

/** Bytes of all codes of a partition. */
export function regionCodeBytes(partition: PartitionRow): number {
  return partition.regionCount * codeBytes(partition)
}
