import { elementCount, openAffineParts, type AffineParts } from '../onnx/index.ts'
import { exactGate, type ExactGate } from './gates/index.ts'

/**
 * Values of the states of a network at some points: 0 is its input, i + 1 the output of gate i; rows x elements. They
 * are in tensor order, where codes are in the order of position, then unit: see {@link toCodeOrder}.
 */
export type States = (Float64Array | undefined)[]

/** The piecewise-affine program of a network: affine maps in float64 with gates between them. */
export interface Program extends AffineParts {
  /** Elements of one sample. */
  readonly inputSize: number
  /** One a layer. */
  readonly gates: readonly ExactGate[]
  /** Per layer, and once more for the scores: the states that it or anything later reads. */
  readonly live: readonly (readonly number[])[]
}

/**
 * Opens the program of an ONNX file.
 * @throws AtlasError NOT_PIECEWISE_AFFINE, BATCH_IN_SHAPE, NO_FLOAT64, and the codes of `inspectNetwork`
 */
export async function openProgram(bytes: Uint8Array): Promise<Program> {
  const parts = await openAffineParts(bytes)
  const steps = [...parts.parts, parts.scores]
  const live = steps.map((_, layer) => {
    const read = new Set(steps.slice(layer).flatMap(({ states }) => states))
    return [...read].filter((state) => state <= layer).sort((a, b) => a - b)
  })
  const gates = parts.summary.layers.map(exactGate)
  return { ...parts, gates, inputSize: elementCount(parts.summary.inputShape), live }
}

/** The output of a layer's gate, from its pre-activation, whose memory it may take over: rows x elements each. */
export function passGate(program: Program, layer: number, pre: Float64Array): Float64Array {
  const gate = program.gates[layer]
  return gate.apply(gate.guards(pre))
}

/** The states that are still read after a layer, of those before it: the layer's own output is not among them. */
export function kept(program: Program, states: States, layer: number): States {
  const live = program.live[layer + 1]
  return states.map((state, i) => (live.includes(i) ? state : undefined))
}

/** The states that are still read after a layer, its own output among them. */
export function keptWith(program: Program, states: States, layer: number, output: Float64Array): States {
  return program.live[layer + 1].reduce<States>((next, state) => {
    next[state] = state === layer + 1 ? output : states[state]
    return next
  }, [])
}

/**
 * The states before a layer: what its pre-activation and everything after it are computed from.
 * @param inputs rows x inputSize
 */
export async function statesBefore(
  program: Program,
  inputs: Float64Array,
  rows: number,
  layer: number,
): Promise<States> {
  const states: States = [inputs]
  for (let i = 0; i < layer; i++) {
    states[i + 1] = passGate(program, i, await program.parts[i].run(states, rows))
  }
  return states.map((state, i) => (program.live[layer].includes(i) ? state : undefined))
}

/** Values of each state for one point: the network's input, or a gate's output. */
export function stateSize(program: Program, state: number): number {
  return state === 0 ? program.inputSize : program.gates[state - 1].outputSize
}
