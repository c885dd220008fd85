import { placeOfElement, type LayerInfo } from '../onnx/index.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import { applyGate, kept, type Program, type States } from './program.ts'
import { predictionRuns, type PredictionRun } from './predictions.ts'
import { cutAtSignChanges, type CutWalk, type Walk } from './walk.ts'

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

/** A unit that crosses its threshold. */
export interface Crossing {
  /** Place on the segment, 0 to 1. */
  t: number
  layer: number
  /** Channel, and the place or token it is at. */
  unit: number
  position: number
  /** The unit is active after the crossing. */
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
  /** By place, then layer, then unit. */
  crossings: Crossing[]
  /** Runs with one predicted label, from 0 to 1. */
  predictions: PredictionRun[]
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
  }))
  for (let layer = fromLayer; layer < program.parts.length; layer++) {
    throwIfStopped(stopped)
    const { size } = program.parts[layer]
    const pre = await program.parts[layer].run(walk.states, walk.t.length)
    const cut = cutAtSignChanges({ ...walk, states: kept(program, walk.states, layer) }, pre, size)
    if (layer <= toLayer) recordLayer(cut, size, program.summary.layers[layer], results)
    walk = passGate(program, cut, layer)
  }
  const scores = await program.scores.run(walk.states, walk.t.length)
  predictionRuns(walk, scores, program.scores.size).forEach((runs, i) => (results[i].predictions = runs))
  for (const result of results) {
    result.crossings.sort(
      (x, y) => x.t - y.t || x.layer - y.layer || x.position - y.position || x.unit - y.unit,
    )
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
  { starts, t, pre }: CutWalk,
  size: number,
  layer: LayerInfo,
  results: readonly SegmentWalk[],
): void {
  results.forEach((result, segment) => {
    const first = starts[segment]
    const last = starts[segment + 1] - 1
    for (let i = 0; i < size; i++) {
      if (pre[first * size + i] > 0 !== pre[last * size + i] > 0) result.endpointHammingDistance++
    }
    for (let point = first + 1; point < last; point++) {
      // Signs change at zeros alone: see cutAtSignChanges.
      for (let at = point * size; at < (point + 1) * size; at++) {
        if (pre[at] !== 0) continue
        const turnsOn = pre[at + size] > 0
        if (turnsOn === pre[at - size] > 0) continue
        const place = placeOfElement(layer, at - point * size)
        result.crossings.push({ t: t[point], layer: layer.index, ...place, turnsOn })
      }
    }
  })
}

/** The walk after the gate of a layer, whose output joins the states that are read on. */
function passGate(program: Program, { starts, t, states, pre }: CutWalk, layer: number): Walk {
  applyGate(pre, program.gates[layer].negativeSlope)
  const next = [...states]
  next[layer + 1] = pre
  return { starts, t, states: next }
}
