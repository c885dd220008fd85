import { kernels, type CodeRows, type SpanningTree, type TreeEdges } from '../kernels/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'
import type { Cores } from './coreDistances.ts'
import { cutTree } from './cutTree.ts'
import type { Clustered } from './types.ts'

/** Rows to cluster, and what is known of them. */
export interface GrowTask {
  rows: CodeRows
  core: Cores
  minClusterSize: number
  /** In shared memory: rows that have joined the tree. */
  grown: Int32Array
}

/** Grows the spanning tree of the rows and cuts it into clusters. */
export function growAndCut({ rows, core, minClusterSize, grown }: GrowTask, stopped: Stopped): Clustered {
  const tree =
    core.metric === 'HAMMING'
      ? kernels().spanningTree(rows, core.values)
      : kernels().jaccardTree(rows, core.values)
  return cutTree({ rows: rows.rows, edges: growAll(tree, rows, grown, stopped), minClusterSize })
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
