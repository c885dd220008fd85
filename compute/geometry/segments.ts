import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import type { ExactGate } from './gates/index.ts'
import { separateSides, withoutReturns } from './jumps.ts'
import { kept, type Program, type States } from './program.ts'
import { predictionRuns, type PredictionRun } from './predictions.ts'
import { cutAtChanges, type CutWalk, type Walk } from './walk.ts'

/** Straight lines to walk. */
export interface SegmentTask {
  /** The states before `fromLayer` at the ends: two rows a segment, its begin and its end. See {@link endsOf}. */
  ends: States
  segments: number
  /**
   * The lines run in the space before this layer: at 0 the network's input space, later that of the activations which
   * it reads. Only layers from here on count.
   */
  fromLayer: number
  /** The last layer whose boundaries count. */
  toLayer: number
}

/** A bit of a unit that changes. */
export interface Crossing {
  /** Place on the segment, 0 to 1. */
  t: number
  layer: number
  /** Channel, and the place or token it is at. */
  unit: number
  position: number
  /** Which of the unit's bits, from 0. */
  bit: number
  /** The bit is set after the crossing. */
  turnsOn: boolean
}

/** Everything that one segment crosses. */
export interface SegmentWalk {
  /** Euclidean length in the space where the walk begins. */
  length: number
  /** Polytopes of the span of layers: pieces with one code each, neighbours differing. */
  regionCount: number
  /** Bits of the span in which the codes of the two end points differ. */
  endpointHammingDistance: number
  /** By place, then layer, position, unit and bit. */
  crossings: Crossing[]
  /** Runs with one predicted label, from 0 to 1. */
  predictions: PredictionRun[]
  /**
   * The network's output at both ends and wherever it bends: places on the segment, ascending, and places x outputs.
   * Between two of them all outputs are affine; at a jump a place stands twice.
   */
  outputs: { t: Float64Array; scores: Float64Array }
}

/**
 * Walks straight segments exactly, in float64: layer after layer, all points of all segments at once. Inside one piece
 * the network is affine, so that the next layer's boundaries are found from the values at the piece's ends. As SyReNN
 * does in float32 (Sotoudeh and Thakur, "A symbolic neural network representation and its application to
 * understanding, verifying, and patching networks", 2021).
 */
export async function walkSegments(
  program: Program,
  task: SegmentTask,
  stopped: Stopped = neverStopped,
): Promise<SegmentWalk[]> {
  const { segments, fromLayer, toLayer } = task
  let walk: Walk = {
    starts: Int32Array.from({ length: segments + 1 }, (_, i) => 2 * i),
    t: Float64Array.from({ length: 2 * segments }, (_, i) => i % 2),
    states: task.ends,
  }
  const results = lengthsOf(walk.states, segments).map((length): SegmentWalk => ({
    length,
    regionCount: 1,
    endpointHammingDistance: 0,
    crossings: [],
    predictions: [],
    outputs: { t: new Float64Array(), scores: new Float64Array() },
  }))
  for (let layer = fromLayer; layer < program.parts.length; layer++) {
    throwIfStopped(stopped)
    const gate = program.gates[layer]
    const guards = gate.guards(await program.parts[layer].run(walk.states, walk.t.length))
    const cut = cutAtChanges({ ...walk, states: kept(program, walk.states, layer) }, guards, gate)
    const { unitCount } = program.summary.layers[layer]
    if (layer <= toLayer) recordLayer(cut, gate, layer, unitCount, results)
    walk = passGate(gate, separateSides(cut, gate), layer)
  }
  const scores = await program.scores.run(walk.states, walk.t.length)
  const { size } = program.scores
  predictionRuns(walk, scores, size).forEach((runs, i) => {
    const [from, to] = [walk.starts[i], walk.starts[i + 1]]
    results[i].predictions = runs
    results[i].outputs = { t: walk.t.subarray(from, to), scores: scores.subarray(from * size, to * size) }
  })
  const jumps = program.gates.some(({ continuous }) => !continuous)
  for (const result of results) {
    result.crossings.sort(
      (x, y) => x.t - y.t || x.layer - y.layer || x.position - y.position || x.unit - y.unit || x.bit - y.bit,
    )
    if (jumps) result.crossings = withoutReturns(result.crossings)
    result.regionCount = 1 + new Set(result.crossings.map(({ t }) => t)).size
  }
  return results
}

function lengthsOf(states: States, segments: number): number[] {
  return Array.from({ length: segments }, (_, segment) => {
    let sum = 0
    for (const values of states) {
      const size = (values?.length ?? 0) / (2 * segments)
      for (let i = 2 * segment * size; values && i < (2 * segment + 1) * size; i++) {
        sum += (values[i + size] - values[i]) ** 2
      }
    }
    return Math.sqrt(sum)
  })
}

/** Notes the crossings of one layer, and the bits in which the end points differ. */
function recordLayer(
  { starts, t, guards }: CutWalk,
  gate: ExactGate,
  layer: number,
  unitCount: number,
  results: readonly SegmentWalk[],
): void {
  const { bitsPerUnit } = gate
  results.forEach((result, segment) => {
    const first = starts[segment]
    const last = starts[segment + 1] - 1
    const [begin, end] = [gate.bitsAt(guards, first), gate.bitsAt(guards, last)]
    for (let bit = 0; bit < end.length; bit++) result.endpointHammingDistance += begin[bit] ^ end[bit]
    for (let point = first + 1; point < last; point++) {
      for (const { bit, turnsOn } of gate.flipsAt(guards, point)) {
        const element = Math.floor(bit / bitsPerUnit)
        const position = Math.floor(element / unitCount)
        const unit = element % unitCount
        result.crossings.push({ t: t[point], layer, unit, position, bit: bit % bitsPerUnit, turnsOn })
      }
    }
  })
}

/** The walk after the gate of a layer, whose output joins the states that are read on. */
function passGate(gate: ExactGate, { starts, t, states, guards }: CutWalk, layer: number): Walk {
  const next = [...states]
  next[layer + 1] = gate.apply(guards)
  return { starts, t, states: next }
}
