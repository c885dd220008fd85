import { bitsPerUnit, type GatePieces } from '../gates/pieces.ts'
import type { Gate, NetworkGraph } from './graph.ts'

/** One gate of a network, as the atlas stores it. */
export interface LayerInfo {
  /** Place among the network's gates in topological order, from 0. */
  readonly index: number
  /** The node's name, or its output's where the file gives it none. */
  readonly name: string
  /** The ONNX `op_type`. */
  readonly operator: string
  /** Features: the last axis of the pre-activation; of a MaxPool, its channels. */
  readonly unitCount: number
  /** Places or tokens: the product of the other axes of one sample of the output; 1 for a dense layer. */
  readonly positionCount: number
  /** Bits of each unit at each position. */
  readonly bitsPerUnit: number
  /** Whether the gate is piecewise affine and its bits name the piece. */
  readonly exact: boolean
  /** What the gate does to its pre-activation, and by which bits. */
  readonly gate: GatePieces
  /** The tensor that holds the pre-activation. */
  readonly tap: string
}

/** What a network is, read from its file and from running it on three samples. */
export interface NetworkSummary {
  /** Elements of the floating-point initializers and constants. */
  readonly parameterCount: number
  /** Shape of one input sample, without the batch axis. */
  readonly inputShape: readonly number[]
  /** Shape of the scores of one sample. */
  readonly outputShape: readonly number[]
  readonly exactness: 'PIECEWISE_AFFINE' | 'APPROXIMATE'
  /** Why the network is approximate, one sentence each; empty where it is piecewise affine. */
  readonly approximations: readonly string[]
  readonly layers: readonly LayerInfo[]
  /** False: the network takes one sample a run only, which is slower. */
  readonly batched: boolean
}

/**
 * Puts together what the graph says and what running it showed.
 * @param shapes of one sample's tensors, by name: the scores and every gate's pre-activation and, of a MaxPool, output.
 */
export function summarize(
  network: NetworkGraph,
  shapes: ReadonlyMap<string, readonly number[]>,
  parameterCount: number,
): Omit<NetworkSummary, 'batched'> {
  const { approximations, gates, input, output } = network
  return {
    parameterCount,
    inputShape: input.sampleShape,
    outputShape: shapes.get(output) ?? [],
    exactness: approximations.length === 0 ? 'PIECEWISE_AFFINE' : 'APPROXIMATE',
    approximations,
    layers: gates.map((gate, index) => layerOf(gate, index, shapes)),
  }
}

function layerOf(
  { name, operator, exact, pieces, tap, output }: Gate,
  index: number,
  shapes: ReadonlyMap<string, readonly number[]>,
): LayerInfo {
  const shape = shapes.get(tap) ?? []
  const gate = pieces(shape, shapes.get(output) ?? shape)
  const [unitCount, positionCount] =
    gate.kind === 'WINDOWS'
      ? [gate.units, gate.positions]
      : [shape.at(-1) ?? 1, elementCount(shape.slice(0, -1))]
  return { index, name, operator, unitCount, positionCount, bitsPerUnit: bitsPerUnit(gate), exact, gate, tap }
}

/** Number of elements of a tensor of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
