import { availableParallelism } from 'node:os'
import type { Box } from '../facets/index.ts'
import { runGeometry } from '../pool.ts'
import type { NetworkFile } from '../worker.ts'
import type { ExpandedRegions, Seeds } from './expand.ts'
import type { Search } from './search.ts'

/** Regions that a thread looks at in one task: some 30 ms on ACAS Xu. */
const TASK_REGIONS = 32

/** All regions of a network in a box, by its layers 0 … toLayer. */
export interface ExploreTask {
  network: NetworkFile
  toLayer: number
  box: Box
  /** No more regions than this are explored in all. */
  limit: number
}

/** Regions with consecutive numbers, and what lies around them. */
export interface ExploredRegions extends ExpandedRegions {
  /** Number of the first of them. */
  first: number
  /** count x ceil(bits / 8) bytes */
  codes: Uint8Array
  /** Per facet: the number of the region across, -1 for a side of the box. */
  neighbors: Int32Array
  /** Regions across that were not known: their numbers follow those of all found before. */
  fresh: Seeds
}

/**
 * Explores a box breadth first across the facets of its regions, on all cores, until the search's frontier is empty or
 * the limit is reached. A region's number is its place in the order of finding, which depends on nothing but the task:
 * a search that goes on where another ended gives the same numbers.
 *
 * @param search what is known: at least one region, explored or on the frontier
 * @throws AtlasError TOO_LARGE, CODE_COLLISION
 */
export async function* exploreRegions(
  { limit, ...place }: ExploreTask,
  search: Search,
  signal: AbortSignal,
): AsyncGenerator<ExploredRegions> {
  const ended = new AbortController()
  const stop = AbortSignal.any([signal, ended.signal])
  const running: { first: number; codes: Uint8Array; result: Promise<ExpandedRegions> }[] = []
  try {
    for (;;) {
      // One task more than threads: the next one waits where a thread becomes free.
      while (running.length <= availableParallelism()) {
        const taken = search.take(Math.min(TASK_REGIONS, limit - search.taken))
        if (!taken) break
        const result = runGeometry('expand', { ...place, seeds: taken.seeds }, stop)
        // Met when its turn comes; until then a failure must not count as unhandled.
        result.catch(() => undefined)
        running.push({ first: taken.first, codes: taken.seeds.codes, result })
      }
      const next = running.shift()
      if (!next) return
      const expanded = await next.result
      yield { ...expanded, ...search.merge(expanded), first: next.first, codes: next.codes }
    }
  } finally {
    ended.abort()
  }
}
