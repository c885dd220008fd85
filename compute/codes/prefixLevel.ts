import { CodeGrouper } from './grouper.ts'
import { hash128 } from './hash.ts'

/** Bytes of a key: the node above, and the 128-bit hash by which codes are told apart. */
const KEY_BYTES = 20

/**
 * One level of a tree of prefixes: groups sites by their node on the level above and their code in one more layer. Nodes
 * are numbered in order of first appearance. Holds about 70 bytes a node, however wide the layer is.
 */
export class PrefixLevel {
  readonly #grouper = new CodeGrouper(8 * KEY_BYTES)

  /**
   * Adds sites.
   *
   * @param codes one code a site, all of one length
   * @param above the node of each site on the level above; -1 for a site that is left out
   * @returns the node of each site, -1 for those left out
   */
  add(codes: Uint8Array, above: Int32Array): Int32Array {
    const rows = above.length
    const stride = codes.length / rows
    const hashes = hash128(codes, stride, rows, 8 * stride)
    const sites = Int32Array.from(above.keys()).filter((row) => above[row] >= 0)
    const keys = new Uint8Array(KEY_BYTES * sites.length)
    const view = new DataView(keys.buffer)
    sites.forEach((row, i) => {
      view.setInt32(KEY_BYTES * i, above[row])
      keys.set(hashes.subarray(16 * row, 16 * (row + 1)), KEY_BYTES * i + 4)
    })
    const found = this.#grouper.add(keys, sites.length)
    const nodes = new Int32Array(rows).fill(-1)
    sites.forEach((row, i) => (nodes[row] = found[i]))
    return nodes
  }

  /** Sites per node. */
  counts(): Uint32Array {
    return this.#grouper.counts()
  }
}
