import { useMemo } from 'react'
import { graphql } from '../../../lib/atlas.ts'
import { unpackFloats, unpackInts } from '../../../lib/packed.ts'
import { useAnswer } from '../../../lib/useAnswer.ts'
import { byClass, byNumber, type Coloring } from './coloring.ts'

const Column = graphql(`
  query MapColumn(
    $path: String!
    $label: Boolean!
    $entropy: Boolean!
    $members: Boolean!
    $bits: Boolean!
    $clustered: Boolean!
    $clustering: ID!
  ) {
    partition(path: $path) {
      regionColumns {
        labels @include(if: $label)
        labelEntropies @include(if: $entropy)
        memberCounts @include(if: $members)
        activeBitCounts @include(if: $bits)
        clusters(clustering: $clustering) @include(if: $clustered)
      }
    }
  }
`)

/** What the points of a map can be coloured by, beside the clusterings of the partition. */
export const COLORINGS = {
  label: 'most frequent class',
  entropy: 'label entropy',
  members: 'members',
  bits: 'active bits',
} as const

/** The colours of a partition's regions by one of `COLORINGS`, or by the clustering with a path: that column is fetched. */
export function useColoring(path: string, by: string): Coloring {
  const { partition } = useAnswer(Column, {
    path,
    label: by === 'label',
    entropy: by === 'entropy',
    members: by === 'members',
    bits: by === 'bits',
    clustered: !(by in COLORINGS),
    clustering: by,
  })
  const columns = partition?.regionColumns
  return useMemo(() => {
    if (columns?.labelEntropies != null) return byNumber(unpackFloats(columns.labelEntropies))
    // Few regions have many members: the ramp follows the logarithm.
    if (columns?.memberCounts != null) return byNumber(unpackInts(columns.memberCounts), Math.log)
    if (columns?.activeBitCounts != null) return byNumber(unpackInts(columns.activeBitCounts))
    return byClass(unpackInts(columns?.labels ?? columns?.clusters ?? ''))
  }, [columns])
}
