import { createHash } from 'node:crypto'
import {
  exploreRegions,
  openProgram,
  Search,
  startRegion,
  type ExploredRegions,
} from '#atlas/compute/geometry/index.js'

/** A box of equal sides around the origin. */
export function cube(dimension: number, half: number) {
  return { lower: new Float64Array(dimension).fill(-half), upper: new Float64Array(dimension).fill(half) }
}

/** One region of an exploration. */
export interface FoundRegion {
  /** As text, bit 0 first. */
  code: string
  center: number[]
  inradius: number
  complete: boolean
  /** Rows of A, each with its entry of b. */
  map: number[]
  /** Bit of each facet that is no side of the box, and the number of the region across. */
  facets: { bit: number; neighbor: number; distance: number }[]
}

/** Explores a box by the layers up to one, or all, from its start, in as many runs as there are limits; answers the regions by their numbers. */
export async function explore(
  bytes: Uint8Array,
  lastLayer: number | undefined,
  box: { lower: Float64Array; upper: Float64Array },
  limits: readonly number[] = [Infinity],
): Promise<FoundRegion[]> {
  const program = await openProgram(bytes)
  const toLayer = lastLayer ?? program.gates.length - 1
  const bitCount = program.gates.slice(0, toLayer + 1).reduce((sum, gate) => sum + gate.bitCount, 0)
  const start = await startRegion(program, toLayer, box).finally(() => program.close())
  const search = new Search(bitCount)
  if (!start) return []
  search.addFrontier(start)
  const network = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
  const regions: FoundRegion[] = []
  for (const limit of limits) {
    const task = { network, toLayer, box, limit }
    for await (const block of exploreRegions(task, search, new AbortController().signal)) {
      regions.push(...readBlock(block, bitCount, box.lower.length))
    }
  }
  return regions
}

function readBlock(block: ExploredRegions, bitCount: number, dimension: number): FoundRegion[] {
  const { count, codes, maps, starts, sources, neighbors, distances } = block
  const stride = codes.length / count
  return Array.from({ length: count }, (_, i) => {
    const own = Array.from({ length: starts[i + 1] - starts[i] }, (_, at) => starts[i] + at)
    const bits = codes.subarray(i * stride, (i + 1) * stride)
    return {
      code: Array.from({ length: bitCount }, (_, bit) => (bits[bit >> 3] >> (bit & 7)) & 1).join(''),
      center: [...block.centers.subarray(i * dimension, (i + 1) * dimension)],
      inradius: block.inradii[i],
      complete: block.complete[i] === 1,
      map: [...maps.subarray((i * maps.length) / count, ((i + 1) * maps.length) / count)],
      facets: own
        .filter((at) => sources[at] >= 0)
        .map((at) => ({ bit: sources[at], neighbor: neighbors[at], distance: distances[at] })),
    }
  })
}
