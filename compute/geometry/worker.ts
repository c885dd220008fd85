/** The tasks of the geometry, as worker threads find them by name. */
import { LRUCache } from 'lru-cache'
import { threadTask } from '../workerPool.ts'
import { affineMapOf } from './affineMap.ts'
import { expandRegions, type ExpandTask } from './complex/expand.ts'
import { startRegion } from './complex/start.ts'
import { countSegments } from './countSegments.ts'
import { cornersOf, statesAt, type Point, type Side } from './ends.ts'
import { regionPolytope, type Box, type GivenBox } from './facets/index.ts'
import * as complexity from './localComplexity.ts'
import type { RegionOfSpan } from './localMap.ts'
import { openProgram, type Program } from './program.ts'
import { walkSegments } from './segments.ts'
import { cutSlice } from './slice/index.ts'
import { packSlice } from './slice/packed.ts'
import * as line from './sweep.ts'

/** A network, by its ONNX file. */
export interface NetworkFile {
  sha256: string
  /** In shared memory, so that threads read it without copies. */
  bytes: Uint8Array
}

/** A walk between two points. */
export interface WalkTask {
  network: NetworkFile
  from: Point
  to: Point
  fromLayer: number
  toLayer: number
}

/** A walk through a point. */
export interface SweepNetworkTask extends line.SweepTask {
  network: NetworkFile
}

/** Walks around points. */
export interface ComplexityNetworkTask extends complexity.ComplexityTask {
  network: NetworkFile
}

/** Walks between pairs of inputs. */
export interface CountTask {
  network: NetworkFile
  /** Segments x values of an input. */
  from: Float32Array
  to: Float32Array
  segments: number
  fromLayer: number
  toLayer: number
}

/** A region, and a point of it. */
export interface RegionTask {
  network: NetworkFile
  region: RegionOfSpan
  /** An input of the region. */
  point: Point
}

/** A region whose facets are looked for, and a point of it. */
export interface FacetsTask extends RegionTask {
  /** The polytope is cut off at it; null for none. */
  box: GivenBox | null
}

/** A slice to cut. */
export interface CutTask {
  network: NetworkFile
  origin: Point
  u: Side
  v: Side
  fromLayer: number
  toLayer: number
  maxRegions: number
}

/** Regions to look at, inside of a box. */
export interface ExpandNetworkTask extends ExpandTask {
  network: NetworkFile
}

/** A box to explore. */
export interface StartTask {
  network: NetworkFile
  toLayer: number
  box: Box
}

/** Programs that a thread keeps open: ONNX Runtime holds their weights in float64. */
const programs = new LRUCache<string, Promise<Program>>({
  max: 4,
  // A thread runs one task at a time, and that one's program was used last: no program in use is closed.
  dispose: (program) => void program.then(({ close }) => close()).catch(() => undefined),
})

function programOf({ sha256, bytes }: NetworkFile): Promise<Program> {
  const open = programs.get(sha256)
  if (open) return open
  const program = openProgram(bytes)
  programs.set(sha256, program)
  program.catch(() => programs.delete(sha256))
  return program
}

export const walkSegment = threadTask(
  async ({ network, from, to, fromLayer, toLayer }: WalkTask, stopped) => {
    const program = await programOf(network)
    const ends = await statesAt(program, [from, to], fromLayer)
    const [walk] = await walkSegments(program, { ends, segments: 1, fromLayer, toLayer }, stopped)
    return walk
  },
)

export const sweep = threadTask(async ({ network, ...task }: SweepNetworkTask, stopped) =>
  line.sweep(await programOf(network), task, stopped),
)

export const localComplexity = threadTask(async ({ network, ...task }: ComplexityNetworkTask, stopped) =>
  complexity.localComplexity(await programOf(network), task, stopped),
)

export const countWalks = threadTask(async ({ network, from, to, ...task }: CountTask, stopped) => {
  const ends = { from: Float64Array.from(from), to: Float64Array.from(to) }
  return countSegments(await programOf(network), { ...task, ...ends }, stopped)
})

export const affineMap = threadTask(async ({ network, region, point }: RegionTask, stopped) => {
  const program = await programOf(network)
  return affineMapOf(program, region, await statesAt(program, [point], region.fromLayer), stopped)
})

export const facets = threadTask(async ({ network, region, point, box }: FacetsTask, stopped) => {
  const program = await programOf(network)
  return regionPolytope(program, region, await statesAt(program, [point], region.fromLayer), box, stopped)
})

export const cut = threadTask(async (task: CutTask, stopped) => {
  const { network, origin, u, v, fromLayer, toLayer, maxRegions } = task
  const program = await programOf(network)
  const corners = await cornersOf(program, origin, u, v, fromLayer)
  return packSlice(await cutSlice(program, { corners, fromLayer, toLayer, maxRegions }, stopped))
})

export const start = threadTask(async ({ network, toLayer, box }: StartTask, stopped) =>
  startRegion(await programOf(network), toLayer, box, stopped),
)

export const expand = threadTask(async ({ network, ...task }: ExpandNetworkTask, stopped) =>
  expandRegions(await programOf(network), task, stopped),
)
