import { shareRows } from '../kernels/index.ts'
import { checkSizes } from './checkSizes.ts'
import { coreDistances } from './coreDistances.ts'
import { runTask } from './pool.ts'
import type { ClusterInput, Clustered, ClusterOptions } from './types.ts'

/** How often the progress of a tree is looked at. */
const LOOK_MS = 200

/**
 * Clusters codes by HDBSCAN (Campello, Moulavi and Sander, "Density-based clustering based on hierarchical density
 * estimates", 2013; outlier scores from Campello et al., TKDD 2015): exact, all pairs of codes. Groups that come apart
 * at one distance do so at once, so that the answer does not depend on the order in which equal distances are taken,
 * of which codes have many. Codes that all lie in one dense group are noise: the whole set is no cluster. Runs on worker
 * threads; the event loop stays free. Steps are rows, twice: for their core distances and for the tree.
 *
 * @throws AtlasError BAD_ARGUMENT where a size is too small or there are fewer rows than it asks for
 */
export async function clusterCodes(input: ClusterInput, options: ClusterOptions = {}): Promise<Clustered> {
  const { codes, bitCount, metric, minClusterSize, minSamples } = input
  const rowCount = bitCount === 0 ? 0 : codes.length / Math.ceil(bitCount / 8)
  checkSizes(input, rowCount)
  const { signal, onProgress } = options
  signal?.throwIfAborted()
  const rows = await shareRows(codes, rowCount, bitCount)
  const total = 2 * rowCount
  const core = await coreDistances(
    { rows, codes, metric, minSamples },
    { signal, onProgress: (done) => onProgress?.(done, total) },
  )
  const grown = new Int32Array(new SharedArrayBuffer(4))
  const look = setInterval(() => onProgress?.(rowCount + Atomics.load(grown, 0), total), LOOK_MS)
  try {
    const clustered = await runTask('growAndCut', { rows, core, minClusterSize, grown }, signal)
    onProgress?.(total, total)
    return clustered
  } finally {
    clearInterval(look)
  }
}
