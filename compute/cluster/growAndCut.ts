import { kernels, type CodeRows, type SpanningTree, type TreeEdges } from '../kernels/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'
import { condense } from './condense.ts'
import type { Cores } from './coreDistances.ts'
import { describeRows } from './describeRows.ts'
import { hierarchyOf } from './hierarchy.ts'
import { selectClusters } from './selectClusters.ts'
import type { Clustered } from './types.ts'

/** Rows to cluster, and what is known of them. */
export interface CutTask {
  rows: CodeRows
  core: Cores
  minClusterSize: number
  /** In shared memory: rows that have joined the tree. */
  grown: Int32Array
}

/** Grows the spanning tree of the rows and cuts it into clusters. */
export function growAndCut({ rows, core, minClusterSize, grown }: CutTask, stopped: Stopped): Clustered {
  const tree =
    core.metric === 'HAMMING'
      ? kernels().spanningTree(rows, core.values)
      : kernels().jaccardTree(rows, core.values)
  const { from, to, distances } = growAll(tree, rows, grown, stopped)
  const selected = selectClusters(condense(hierarchyOf(rows.rows, from, to, distances), minClusterSize))
  return { ...selected, ...describeRows(selected.labels, selected.tree) }
}

function growAll(
  tree: SpanningTree<Int32Array | Float32Array>,
  rows: CodeRows,
  grown: Int32Array,
  stopped: Stopped,
): TreeEdges<Int32Array | Float32Array> {
  // An edge looks at all rows outside: a step of a task's work.
  const step = Math.max(1, Math.floor(kernels().taskWork / (rows.rows * rows.width)))
  for (let size = 0; size < rows.rows; size += step) {
    throwIfStopped(stopped)
    tree.grow(step)
    Atomics.store(grown, 0, Math.min(size + step, rows.rows))
  }
  return tree.edges()
}
