import { useDeferredValue } from 'react'
import { atlas, graphql } from '../../../lib/atlas.ts'
import { counted } from '../../../lib/format.ts'
import { useLiveAnswer } from '../../../lib/useAnswer.ts'
import { LabelBar } from '../../../parts/labels.tsx'
import { Picture } from '../../../parts/picture.tsx'
import { RegionCardFields } from '../../../parts/regionCard.ts'

const RegionAt = graphql(
  `
    query PointedRegion($path: String!, $index: Int!) {
      partition(path: $path) {
        regionAt(index: $index) {
          ...RegionCard
        }
      }
    }
  `,
  [RegionCardFields],
)

const PathAt = graphql(`
  query ChosenRegion($path: String!, $index: Int!) {
    partition(path: $path) {
      regionAt(index: $index) {
        path
      }
    }
  }
`)

/** The path of a region, by its index in the partition. */
export async function fetchRegionPath(path: string, index: number): Promise<string | undefined> {
  return (await atlas.query(PathAt, { path, index })).partition?.regionAt?.path
}

/** The region that someone points at in a map; the last one stays while the next is fetched. */
export function Pointed({ path, index }: { path: string; index: number }) {
  // A pointer that moves fast asks only for where it rests.
  const rested = useDeferredValue(index)
  const { data } = useLiveAnswer(RegionAt, { path, index: rested }, { enabled: rested >= 0 })
  const region = rested >= 0 ? data?.partition?.regionAt : null
  return (
    <div className="row pointed">
      {region ? (
        <>
          <Picture input={region.exemplar} size={2.6} caption="" />
          <span>{counted(region.memberCount, 'member')}</span>
          <LabelBar counts={region.labelCounts} />
        </>
      ) : (
        <span className="hint">Point at a region to see it; click to open it.</span>
      )}
    </div>
  )
}
