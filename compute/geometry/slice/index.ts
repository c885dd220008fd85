import { AtlasError } from '../../errors.ts'
import { concatNumbers } from '../../floats.ts'
import { neverStopped, throwIfStopped, type Stopped } from '../../stopped.ts'
import { kept, passGate, type Program, type States } from '../program.ts'
import { cutEdges, type Face } from './cutEdges.ts'
import { decide, greatest, type Decision, type DecisionEdge, type Place } from './decision.ts'
import { separateFaces } from './separateFaces.ts'
import { splitFace } from './splitFace.ts'
import { Vertices } from './vertices.ts'

export type { DecisionEdge, Place } from './decision.ts'

/** A plane piece to cut: the parallelogram origin + [0, 1] u + [0, 1] v. */
export interface SliceTask {
  /** The states before `fromLayer` at origin, origin + u, origin + u + v, origin + v: four rows. */
  corners: States
  fromLayer: number
  /** The last layer whose boundaries count. */
  toLayer: number
  /** Polygons at most, 1 or more; what is left out makes the slice incomplete. */
  maxRegions: number
}

/** A polytope's part in the slice: a convex polygon. */
export interface SlicePolygon {
  /** In order, counter-clockwise in (u, v); neighbours share them to the last bit. */
  vertices: Place[]
  /** One entry a bit of the span: layer, then position, then unit. */
  bits: Uint8Array
  /** The predicted label at its centre. */
  prediction: number
}

/** A slice through the polytopes of a span of layers. */
export interface Slice {
  polygons: SlicePolygon[]
  /** False where polygons were left out at the limit: the ones that are there are exact, but do not fill the slice. */
  complete: boolean
  decisionBoundary: DecisionEdge[]
}

/**
 * Cuts a parallelogram exactly, in float64, layer after layer: inside one face the network is affine, so the lines on
 * which the next layer's pieces change follow from their values at the face's vertices. As SyReNN and SplineCam
 * (Humayun et al., 2023) do.
 *
 * @throws AtlasError FLAT_SLICE where u and v span no plane: a line has no polygons
 */
export async function cutSlice(
  program: Program,
  task: SliceTask,
  stopped: Stopped = neverStopped,
): Promise<Slice> {
  refuseFlat(task.corners)
  const { toLayer, maxRegions } = task
  let cut: Subdivision = {
    places: Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1),
    states: task.corners,
    faces: [{ vertices: [0, 1, 2, 3], bits: [] }],
  }
  let span = cut.faces
  let complete = true
  // Later layers than the span's bend the decision boundary as well.
  for (let layer = task.fromLayer; layer < program.parts.length; layer++) {
    cut = await cutLayer(program, cut, layer, maxRegions, stopped)
    if (cut.faces.length > maxRegions) {
      complete = false
      cut = { ...cut, faces: cut.faces.slice(0, maxRegions) }
    }
    if (layer === toLayer) span = cut.faces.map(({ vertices, bits }) => ({ vertices, bits }))
  }
  const decisions = await decisionsOf(program, cut)
  const whole = toLayer === program.parts.length - 1
  const labels = whole ? decisions.map(({ label }) => label) : await labelsAtCentres(program, task, cut, span)
  return {
    polygons: span.map(({ vertices, bits }, i) => ({
      vertices: vertices.map((vertex) => placeOf(cut, vertex)),
      bits: codeOf(program, task.fromLayer, bits),
      prediction: labels[i],
    })),
    complete,
    decisionBoundary: decisions.flatMap(({ edges }) => edges),
  }
}

/** The code of a face. */
function codeOf({ gates }: Program, fromLayer: number, bits: readonly Uint8Array[]): Uint8Array {
  return concatNumbers(
    Uint8Array,
    bits.map((own, i) => gates[fromLayer + i].toCode(own)),
  )
}

/** The parallelogram as far as it is cut. */
interface Subdivision {
  /** Coordinates along u and v: 2 a vertex. */
  places: Float64Array
  /** Values of the states that are still read, a row a vertex. */
  states: States
  faces: Face[]
}

/** Cuts the faces by a layer. Of more than `most` only the first are cut to the end: one more tells that there are. */
async function cutLayer(
  program: Program,
  { places, states, faces }: Subdivision,
  layer: number,
  most: number,
  stopped: Stopped,
): Promise<Subdivision> {
  const gate = program.gates[layer]
  const guards = gate.guards(await program.parts[layer].run(states, places.length / 2))
  const vertices = new Vertices(places, guards, kept(program, states, layer))
  cutEdges(faces, vertices, gate)
  const split: Face[] = []
  for (const face of faces) {
    throwIfStopped(stopped)
    split.push(...splitFace(face, vertices, gate, most + 1 - split.length))
  }
  separateFaces(split, vertices, gate)
  const cut = vertices.finish()
  const next = [...cut.states]
  next[layer + 1] = gate.apply(cut.guards)
  return { places: cut.places, states: next, faces: split }
}

async function decisionsOf(program: Program, cut: Subdivision): Promise<Decision[]> {
  const { size } = program.scores
  const scores = await program.scores.run(cut.states, cut.places.length / 2)
  return cut.faces.map(({ vertices }) =>
    decide(
      vertices.map((vertex) => placeOf(cut, vertex)),
      vertices.map((vertex) => scores.subarray(vertex * size, (vertex + 1) * size)),
    ),
  )
}

/** The predicted labels at the centres of faces, which later layers may cut on. */
async function labelsAtCentres(
  program: Program,
  { corners, fromLayer }: SliceTask,
  cut: Subdivision,
  faces: readonly Face[],
): Promise<number[]> {
  const centres = faces.map(({ vertices }) => {
    const places = vertices.map((vertex) => placeOf(cut, vertex))
    return [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length)
  })
  const states = corners.map((corner) => corner && spanned(corner, centres))
  for (let layer = fromLayer; layer < program.parts.length; layer++) {
    states[layer + 1] = passGate(program, layer, await program.parts[layer].run(states, faces.length))
  }
  const scores = await program.scores.run(states, faces.length)
  const { size } = program.scores
  return faces.map((_, i) => greatest(scores.subarray(i * size, (i + 1) * size)))
}

/** Points of the parallelogram, from its first, second and last corner. */
function spanned(corner: Float64Array, places: readonly number[][]): Float64Array {
  const size = corner.length / 4
  const points = new Float64Array(places.length * size)
  places.forEach(([u, v], row) => {
    for (let i = 0; i < size; i++) {
      const origin = corner[i]
      points[row * size + i] = origin + u * (corner[size + i] - origin) + v * (corner[3 * size + i] - origin)
    }
  })
  return points
}

function placeOf({ places }: Subdivision, vertex: number): Place {
  return [places[2 * vertex], places[2 * vertex + 1]]
}

/** Refuses a parallelogram without area, by the angle between its sides. */
function refuseFlat(corners: States): void {
  let uu = 0
  let vv = 0
  let uv = 0
  for (const corner of corners) {
    if (!corner) continue
    const size = corner.length / 4
    for (let i = 0; i < size; i++) {
      const u = corner[size + i] - corner[i]
      const v = corner[3 * size + i] - corner[i]
      uu += u * u
      vv += v * v
      uv += u * v
    }
  }
  if (uu * vv - uv * uv > 1e-24 * uu * vv) return
  throw new AtlasError(
    'FLAT_SLICE',
    'The slice has no area: u and v are zero or point the same way. Give two directions that span a plane, or ask ' +
      'for a segment.',
  )
}
