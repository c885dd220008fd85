import { KEY } from './cutEdges.ts'

/**
 * Joins loops, all counter-clockwise, that share whole edges and together are convex: edges that run both ways lie
 * inside. Where rounding leaves anything but one loop, they stay as they are.
 */
export function mergeLoops(loops: readonly number[][]): number[][] {
  if (loops.length < 2) return [...loops]
  const edges = new Set<number>()
  const edgesOf = (loop: readonly number[]) => loop.map((from, i) => [from, loop[(i + 1) % loop.length]])
  for (const loop of loops) for (const [from, to] of edgesOf(loop)) edges.add(from * KEY + to)
  const next = new Map<number, number>()
  let count = 0
  for (const loop of loops) {
    for (const [from, to] of edgesOf(loop)) {
      if (edges.has(to * KEY + from)) continue
      next.set(from, to)
      count++
    }
  }
  const [start] = next.keys()
  const merged: number[] = []
  for (let at: number | undefined = start; at !== undefined && merged.length < count; at = next.get(at)) {
    merged.push(at)
    if (next.get(at) === start) break
  }
  return merged.length === count && merged.length > 2 ? [merged] : [...loops]
}
