import { useMemo } from 'react'
import { graphql } from '../../../lib/atlas.ts'
import { unpackInts } from '../../../lib/packed.ts'
import { useLiveAnswer } from '../../../lib/useAnswer.ts'
import type { RegionFilter } from '../regionFilter.ts'

const Matching = graphql(`
  query MapMatching($path: String!, $filter: RegionFilter) {
    partition(path: $path) {
      regionColumns {
        matching(filter: $filter)
      }
    }
  }
`)

/** Which regions stand out: 1 for those that meet the filter; all where it asks for nothing, or cannot be met. */
export function useLit(path: string, filter: RegionFilter, regions: number): Uint8Array {
  const narrowed = Object.values(filter).some((condition) => condition !== undefined)
  const { data } = useLiveAnswer(Matching, { path, filter }, { enabled: narrowed })
  const matching = narrowed ? data?.partition?.regionColumns.matching : undefined
  return useMemo(() => {
    const lit = new Uint8Array(regions)
    if (matching === undefined) return lit.fill(1)
    for (const index of unpackInts(matching)) lit[index] = 1
    return lit
  }, [matching, regions])
}
