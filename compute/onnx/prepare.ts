import type { GraphProto, ModelProto } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { decodeModel, encodeModel } from './decode.ts'
import { executeBatch, executeSingly, type Execute, type SampleTensor } from './execute.ts'
import { readGraph, type NetworkGraph } from './graph.ts'
import { exposedTensors, instrument, type Exposure } from './instrument.ts'
import { liftBatch } from './lift.ts'
import { MAX_ACTIVATIONS, tooLarge } from './limits.ts'
import { refuseNames } from './names.ts'
import { openSession, type Session } from './session.ts'
import { elementCount, shapeText } from '../shape.ts'
import { summarize, type NetworkSummary } from './summary.ts'
import { countParameters, refuseExternalData } from './tensors.ts'
import { refuseWrongSizes } from './tensorSizes.ts'
import { PROBE_ROWS, probeSamples, verifiesBatch } from './verify.ts'

/** A checked network, loaded with its gates exposed, and the way to run it. */
export interface PreparedNetwork {
  /** The file, decoded. */
  readonly model: ModelProto
  readonly summary: NetworkSummary
  readonly network: NetworkGraph
  readonly session: Session
  readonly execute: Execute
}

/** How to load a network. */
export interface PrepareOptions {
  /** Threads of one run; one a core where it is left out. */
  readonly threads?: number
  /** What it shows of its gates; their pre-activations where it is left out. */
  readonly exposure?: Exposure
}

/**
 * Decodes a network once, checks it, loads it and settles by trial whether it takes batches: the file's graph,
 * given a batch axis where it has none, if that proves right on `PROBE_ROWS` samples; else the file's graph as
 * it is, one sample at a time.
 * @throws AtlasError the codes of `inspectNetwork`
 */
export async function prepareNetwork(
  bytes: Uint8Array,
  { threads, exposure = 'PRE_ACTIVATIONS' }: PrepareOptions = {},
): Promise<PreparedNetwork> {
  const decoded = decodeModel(bytes)
  refuseExternalData(decoded.model)
  refuseNames(decoded.graph)
  refuseWrongSizes(decoded.model)
  const network = readGraph(decoded.graph)
  const parameterCount = countParameters(decoded.graph)
  const open = (graph: GraphProto) =>
    openSession(encodeModel(decoded.model, instrument(network, graph, exposure)), threads)
  const original = await open(decoded.graph)
  try {
    const samples = probeSamples(PROBE_ROWS, elementCount(network.input.sampleShape), network.input.type)
    const names = exposedTensors(network, exposure)
    const reference = await executeSingly(original, network.input, samples, PROBE_ROWS, names)
    refuseActivations(names, reference)
    const verifies = (session: Session): Promise<boolean> =>
      verifiesBatch(session, network.input, samples, names, reference)
    const observed = new Map(names.map((name, i) => [name, reference[i]]))
    const description = summarize(network, observed, parameterCount)
    const batched = await openBatched(network, original, open, verifies)
    const summary = { ...description, batched: batched !== null }
    const { model } = decoded
    if (batched === null) return { model, summary, network, session: original, execute: executeSingly }
    if (batched !== original) await original.close()
    return { model, summary, network, session: batched, execute: executeBatch }
  } catch (error) {
    await original.close()
    throw error
  }
}

/** Refuses activations that are absurdly many or none: workers hold those of one sample at least. */
function refuseActivations(names: readonly string[], probes: readonly SampleTensor[]): void {
  const empty = probes.findIndex(({ values }) => values.length === 0)
  if (empty >= 0) {
    throw new AtlasError(
      'MALFORMED_ONNX',
      `The tensor "${names[empty]}" has the shape ${shapeText(probes[empty].shape)} for a sample, which holds ` +
        'nothing. Export the network again, with sizes that leave something.',
    )
  }
  const count = probes.reduce((sum, { values }) => sum + values.length / PROBE_ROWS, 0)
  if (count <= MAX_ACTIVATIONS) return
  throw tooLarge(
    `The network has ${count} pre-activations and scores a sample`,
    `${MAX_ACTIVATIONS}`,
    'Export it for smaller samples',
  )
}

/** A session that is proven to take batches (`original` itself where its graph needs no lifting), or null. */
async function openBatched(
  network: NetworkGraph,
  original: Session,
  open: (graph: GraphProto) => Promise<Session>,
  verifies: (session: Session) => Promise<boolean>,
): Promise<Session | null> {
  const lifted = liftBatch(network)
  const session = lifted === network.graph ? original : await unlessRefused(open(lifted))
  if (session === null || (await verifies(session))) return session
  if (session !== original) await session.close()
  return null
}

/** A session, or null where the runtime refuses the graph: a lifted graph may contradict itself. */
async function unlessRefused(opening: Promise<Session>): Promise<Session | null> {
  try {
    return await opening
  } catch (error) {
    if (error instanceof AtlasError && error.code === 'MALFORMED_ONNX') return null
    throw error
  }
}
