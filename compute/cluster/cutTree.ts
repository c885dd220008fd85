import type { TreeEdges } from '../kernels/index.ts'
import { condense } from './condense.ts'
import { describeRows } from './describeRows.ts'
import { hierarchyOf } from './hierarchy.ts'
import { selectClusters } from './selectClusters.ts'
import type { Clustered } from './types.ts'

/** A minimum spanning tree of rows, to be cut into clusters. */
export interface CutTask {
  rows: number
  edges: TreeEdges<Int32Array | Float32Array | Float64Array>
  minClusterSize: number
}

/** Cuts a spanning tree into clusters. */
export function cutTree({ rows, edges, minClusterSize }: CutTask): Clustered {
  const { from, to, distances } = edges
  const selected = selectClusters(condense(hierarchyOf(rows, from, to, distances), minClusterSize))
  return { ...selected, ...describeRows(selected.labels, selected.tree) }
}
