import type { GraphProto, NodeProto } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { constantsOf, type Constants } from './constants.ts'
import { readInput, type NetworkInput } from './input.ts'
import { refusedGate, type PiecesOf } from './gates/index.ts'
import { MAX_LAYERS, tooLarge } from './limits.ts'
import { freshName, tensorNames } from './newNodes.ts'
import { isWhole } from './numberTypes.ts'
import { describeNode, isStandardDomain, nodeName } from './node.ts'
import { OPERATORS, type Operator } from './operators.ts'
import { refuseUnordered } from './order.ts'
import { DEPENDENT_VALUES } from './refusals.ts'
import { unitAxisAfter, type UnitAxis } from './unitAxes.ts'

/** A gate whose pre-activation depends on the network's input: a layer before its shape is known. */
export interface Gate {
  readonly name: string
  readonly operator: string
  readonly exact: boolean
  /** Its pieces, once the shapes of its tensors are known. */
  readonly pieces: PiecesOf
  /** The tensor that holds the pre-activation; where the gate compares two tensors, one that is not in the file yet. */
  readonly tap: string
  /** The tensor that the node puts out. */
  readonly output: string
  /** Whether the output has another shape than the pre-activation. */
  readonly pools: boolean
  /** For a gate that compares two tensors: these, and the name of a tensor for Relu of the first less the second. */
  readonly compared: ComparedTensors | null
  /** The axis of the pre-activation that holds the units. */
  readonly unitAxis: UnitAxis
}

/** Max(a, b) = b + r and Min(a, b) = a - r with r = Relu(a - b). */
export interface ComparedTensors {
  readonly first: string
  readonly second: string
  readonly excess: string
}

/** What a graph computes, read from its nodes alone. */
export interface NetworkGraph {
  readonly graph: GraphProto
  readonly input: NetworkInput
  /** The tensor that holds the scores: the graph's first output (further outputs are not used). */
  readonly output: string
  /** In topological order. A gate that sees only constants cuts nothing and is left out. */
  readonly gates: readonly Gate[]
  /** Names of the tensors whose values depend on those of the network's input, not on its shape alone. */
  readonly dependents: ReadonlySet<string>
  /** Why the network is not piecewise affine; empty where it is. */
  readonly approximations: readonly string[]
}

/**
 * Reads and checks a graph: its operators, their order, its input and its gates.
 * @throws AtlasError UNSUPPORTED_OPERATOR, MALFORMED_ONNX, UNSUPPORTED_INPUTS, UNSUPPORTED_INPUT_TYPE, NO_LAYERS, TOO_LARGE
 */
export function readGraph(graph: GraphProto): NetworkGraph {
  const steps = graph.node.map((node) => ({ node, operator: operatorOf(node) }))
  refuseUnordered(graph)
  const input = readInput(graph)
  const constants = constantsOf(graph)
  const dependents = new Set([input.name])
  const names = tensorNames(graph)
  const unitAxes = new Map<string, UnitAxis>()
  const gates: Gate[] = []
  const approximations: string[] = isWhole(input.type)
    ? [`The input "${input.name}" takes whole numbers alone.`]
    : []
  for (const { node, operator } of steps) {
    if (!node.input.some((name) => dependents.has(name))) continue
    if (operator.role === 'static' && operator.reads === 'SHAPE') continue
    refuseNode(node, operator, constants)
    const operand = node.input.map((name) => unitAxes.get(name)).find((axis) => axis !== undefined)
    for (const name of node.output) {
      dependents.add(name)
      unitAxes.set(name, unitAxisAfter(node, operand, constants))
    }
    const gate = operator.role === 'gate' ? gateOf(node, operator, operand, constants, names) : null
    if (gate) gates.push(gate)
    const approximation = approximationOf(node, operator, constants, dependents)
    if (approximation !== null) approximations.push(approximation)
  }
  refuseLayerCount(gates.length)
  return { graph, input, output: scoreOutput(graph, dependents), gates, dependents, approximations }
}

function refuseLayerCount(count: number): void {
  if (count === 0) {
    throw new AtlasError(
      'NO_LAYERS',
      'The network has no gate (such as Relu) that depends on its input, so it cuts its input space into no ' +
        'polytopes. Import a network with at least one.',
    )
  }
  if (count > MAX_LAYERS) {
    throw tooLarge(`The network has ${count} gates`, `${MAX_LAYERS}`, 'Export a smaller network')
  }
}

/** Operators that hold graphs of their own, and choose at a run how often these run. */
const CONTROL_FLOW: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan'])

function operatorOf(node: NodeProto): Operator {
  const standard = isStandardDomain(node)
  const operator = standard ? OPERATORS.get(node.opType) : undefined
  if (operator !== undefined) return operator
  throw new AtlasError(
    'UNSUPPORTED_OPERATOR',
    standard && CONTROL_FLOW.has(node.opType)
      ? `The ${describeNode(node)} is control flow, which is not supported: what a network computes may not hang on ` +
          'conditions, or its gates would change from input to input. Export it with its branches and loops written ' +
          'out, or fold its constants: an If often asks for a shape alone.'
      : `The ${describeNode(node)} is not supported. Supported operators: ${[...OPERATORS.keys()].join(', ')}.`,
  )
}

/** Refuses a node whose operator is supported, but not in the form that the file asks for. */
function refuseNode(node: NodeProto, operator: Operator, constants: Constants): void {
  if (operator.role === 'gate' || operator.role === 'curved') return
  const refusal = operator.role === 'static' ? DEPENDENT_VALUES : operator.refusal
  if (!refusal?.applies(node, constants)) return
  throw new AtlasError(
    'UNSUPPORTED_OPERATOR',
    `The ${describeNode(node)} is not supported: ${refusal.reason}. ${refusal.remedy}.`,
  )
}

function gateOf(
  node: NodeProto,
  { exact, read, compares, pools }: Operator & { role: 'gate' },
  unitAxis: UnitAxis,
  constants: Constants,
  names: ReadonlySet<string>,
): Gate | null {
  const pieces = read(node, constants)
  if (pieces === null) return null
  const [output] = node.output
  const gate = {
    name: nodeName(node),
    operator: node.opType,
    exact,
    pieces,
    pools: pools === true,
    output,
    unitAxis,
  }
  if (!compares) return { ...gate, tap: node.input[0], compared: null }
  if (node.input.length !== 2) {
    throw refusedGate(node, `compares ${node.input.length} tensors. Export the network with two at a time.`)
  }
  const [first, second] = node.input
  const excess = freshName(names, `${output}/excess`)
  return { ...gate, tap: freshName(names, `${output}/difference`), compared: { first, second, excess } }
}

function approximationOf(
  node: NodeProto,
  operator: Operator,
  constants: Constants,
  dependents: ReadonlySet<string>,
): string | null {
  if (operator.role === 'curved' || (operator.role === 'gate' && !operator.exact)) {
    return `The ${describeNode(node)} is not piecewise affine.`
  }
  if (operator.role === 'affine' && operator.factors?.every((i) => dependents.has(node.input[i]))) {
    return `The ${describeNode(node)} multiplies two tensors that both depend on the input.`
  }
  if (operator.role === 'gate' || operator.role === 'static') return null
  if (operator.untaken?.applies(node, constants)) {
    const { reason, remedy } = operator.untaken
    return `The ${describeNode(node)} is not taken as an affine map: ${reason}. ${remedy}.`
  }
  const moving = operator.constants?.find((i) => dependents.has(node.input[i]))
  if (moving !== undefined) {
    return (
      `The ${describeNode(node)} is affine only where its operand "${node.input[moving]}" is constant, ` +
      'but that depends on the input.'
    )
  }
  return null
}

function scoreOutput(graph: GraphProto, dependents: ReadonlySet<string>): string {
  const name = graph.output.at(0)?.name
  if (name === undefined || !dependents.has(name)) {
    throw new AtlasError(
      'MALFORMED_ONNX',
      `The graph's first output ${name === undefined ? 'is missing' : `"${name}" does not depend on its input`}. ` +
        'Export the network with its scores as the first output.',
    )
  }
  return name
}
