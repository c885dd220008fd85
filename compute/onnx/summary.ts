import { bitsPerUnit, type GatePieces } from '../gates/pieces.ts'
import type { SampleTensor } from './execute.ts'
import type { Gate, NetworkGraph } from './graph.ts'
import type { NumberType } from './numberTypes.ts'
import { elementCount } from '../shape.ts'
import type { UnitLayout } from '../gates/unitLayout.ts'

/** One gate of a network, as the atlas stores it. */
export interface LayerInfo extends UnitLayout {
  /** Place among the network's gates in topological order, from 0. */
  readonly index: number
  /** The node's name, or its output's where the file gives it none. */
  readonly name: string
  /** The ONNX `op_type`. */
  readonly operator: string
  /** Channels or features: the size of the unit axis; of a MaxPool, its channels. */
  readonly unitCount: number
  /** Places or tokens: the product of the other axes of one sample of the output; 1 for a dense layer. */
  readonly positionCount: number
  /** The axes that number the positions, row-major: of a convolution height and width, of a sequence tokens; or none. */
  readonly positionShape: readonly number[]
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
  /** What the network reads its samples as. */
  readonly inputType: NumberType
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

/** What running one sample showed of tensors, by name. */
type Samples = ReadonlyMap<string, Pick<SampleTensor, 'shape' | 'batchAxes'>>

/**
 * Puts together what the graph says and what running it showed.
 * @param samples one sample's tensors, by name: the scores and every gate's pre-activation and, of a MaxPool, output.
 */
export function summarize(
  network: NetworkGraph,
  samples: Samples,
  parameterCount: number,
): Omit<NetworkSummary, 'batched'> {
  const { approximations, gates, input, output } = network
  return {
    parameterCount,
    inputType: input.type,
    inputShape: input.sampleShape,
    outputShape: samples.get(output)?.shape ?? [],
    exactness: approximations.length === 0 ? 'PIECEWISE_AFFINE' : 'APPROXIMATE',
    approximations,
    layers: gates.map((gate, index) => layerOf(gate, index, samples)),
  }
}

function layerOf(
  { name, operator, exact, pieces, tap, output, unitAxis: axis }: Gate,
  index: number,
  samples: Samples,
): LayerInfo {
  const { shape, batchAxes } = samples.get(tap) ?? { shape: [], batchAxes: 0 }
  const unitAxis = axis === undefined ? shape.length - 1 : axis - batchAxes
  const gate = pieces(shape, samples.get(output)?.shape ?? shape)
  const unitCount = gate.kind === 'WINDOWS' ? gate.units : (shape[unitAxis] ?? 1)
  const positionShape = gate.kind === 'WINDOWS' ? gate.shape.slice(1) : shape.filter((_, i) => i !== unitAxis)
  const bits = bitsPerUnit(gate)
  return {
    index,
    name,
    operator,
    unitCount,
    positionCount: elementCount(positionShape),
    positionShape,
    bitsPerUnit: bits,
    exact,
    gate,
    tap,
    shape,
    unitAxis,
  }
}
