import { randomBelow } from '../../compare/random.ts'
import { packBits } from '../../codes/index.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../../stopped.ts'
import type { Box } from '../facets/index.ts'
import { type Program, type States } from '../program.ts'
import { expandRegions, type Seeds } from './expand.ts'

/** Points tried; on a boundary, where a code may have no inside, lie none of random ones. */
const MAX_POINTS = 16

/**
 * A region from which to explore a box: that of the box's centre, or where the centre lies on a boundary so that its
 * code has no inside, that of the first of some random points, the same ones each time.
 *
 * @returns undefined where no point has a region that float64 can tell from a flat one
 */
export async function startRegion(
  program: Program,
  toLayer: number,
  box: Box,
  stopped: Stopped = neverStopped,
): Promise<Seeds | undefined> {
  const below = randomBelow(1)
  for (let tried = 0; tried < MAX_POINTS; tried++) {
    throwIfStopped(stopped)
    const points = box.lower.map((low, axis) => {
      const part = tried === 0 ? 0.5 : (below(2 ** 32) + 0.5) / 2 ** 32
      return low + part * (box.upper[axis] - low)
    })
    const bits = await codeAt(program, points, toLayer)
    const seeds = { count: 1, codes: packBits([bits], bits.length), points }
    const { inradii } = await expandRegions(program, { toLayer, box, seeds }, stopped)
    if (inradii[0] > 0) return seeds
  }
  return undefined
}

/** The bits of the layers 0 … toLayer at a point. */
async function codeAt(program: Program, point: Float64Array, toLayer: number): Promise<Uint8Array> {
  const states: States = [point]
  const bits: number[] = []
  for (let layer = 0; layer <= toLayer; layer++) {
    const gate = program.gates[layer]
    const guards = gate.guards(await program.parts[layer].run(states, 1))
    bits.push(...gate.bitsAt(guards, 0))
    states[layer + 1] = gate.apply(guards)
  }
  return Uint8Array.from(bits)
}
