import { AtlasError } from '../errors.ts'
import { prepareNetwork, type PreparedNetwork } from './prepare.ts'
import { elementCount } from '../shape.ts'
import type { LayerInfo, NetworkSummary } from './summary.ts'

/** Pre-activations and scores of a number of samples, float32, row-major. */
export interface NetworkRun {
  /**
   * One array a requested layer: rows x the gate's input, as it lies in memory; `toCodeOrder` turns it to rows x
   * positions x units.
   */
  readonly preActivations: Float32Array[]
  /** rows × outputs. */
  readonly scores: Float32Array
}

/** A network that is loaded and ready to run. */
export interface NetworkRunner {
  readonly summary: NetworkSummary
  /**
   * Runs the network on `rows` samples (`values`: rows × input elements). What comes out for a sample does not
   * depend on the others. The arrays may be the runtime's own: a layer asked for twice may give the same one twice.
   *
   * ONNX Runtime computes on the calling thread: a process that serves requests calls this in a worker thread.
   * @throws AtlasError WRONG_INPUT_SIZE, INFERENCE_FAILED
   */
  run(values: Float32Array, rows: number): Promise<NetworkRun>
  /** Frees the runtime's memory; `run` may not be called afterwards. */
  close(): Promise<void>
}

/**
 * Reads and checks an ONNX file and finds its layers. Loads the network and runs it on three samples to learn
 * the shapes and whether it takes batches.
 * @throws AtlasError MALFORMED_ONNX, EXTERNAL_DATA_REFUSED, UNSUPPORTED_OPERATOR, UNSUPPORTED_INPUTS,
 *   UNSUPPORTED_INPUT_TYPE, NO_LAYERS, NON_FINITE_WEIGHTS, INFERENCE_FAILED, TOO_LARGE
 */
export async function inspectNetwork(bytes: Uint8Array): Promise<NetworkSummary> {
  const { session, summary } = await prepareNetwork(bytes)
  await session.close()
  return summary
}

/**
 * Loads a network to read the pre-activations of the given layers, in the order given.
 * @param options.threads threads of one run; one a core where it is left out.
 * @throws AtlasError the codes of `inspectNetwork`, and UNKNOWN_LAYER
 */
export async function openNetwork(
  bytes: Uint8Array,
  layerIndices: readonly number[],
  options: { readonly threads?: number } = {},
): Promise<NetworkRunner> {
  const prepared = await prepareNetwork(bytes, options)
  const { session, summary } = prepared
  const layers = await chooseLayers(prepared, layerIndices)
  return {
    summary,
    run: (values, rows) => runNetwork(prepared, layers, values, rows),
    close: () => session.close(),
  }
}

/**
 * The layers with these indices, in their order; where there is one that the network lacks, it is closed.
 * @throws AtlasError UNKNOWN_LAYER
 */
export async function chooseLayers(
  { session, summary }: PreparedNetwork,
  layerIndices: readonly number[],
): Promise<LayerInfo[]> {
  const unknown = layerIndices.find((index) => summary.layers.at(index)?.index !== index)
  if (unknown === undefined) return layerIndices.map((index) => summary.layers[index])
  await session.close()
  throw new AtlasError(
    'UNKNOWN_LAYER',
    `The network has no layer ${unknown}; its layers are 0 to ${summary.layers.length - 1}.`,
  )
}

async function runNetwork(
  prepared: PreparedNetwork,
  layers: readonly LayerInfo[],
  values: Float32Array,
  rows: number,
): Promise<NetworkRun> {
  const { output } = prepared.network
  const [scores, ...preActivations] = await readTensors(
    prepared,
    [output, ...layers.map(({ tap }) => tap)],
    values,
    rows,
  )
  return { preActivations, scores }
}

/**
 * Values of some exposed tensors for some samples, as they lie in memory.
 * @throws AtlasError WRONG_INPUT_SIZE, INFERENCE_FAILED
 */
export async function readTensors(
  { summary, network, session, execute }: PreparedNetwork,
  tensors: readonly string[],
  values: Float32Array,
  rows: number,
): Promise<Float32Array[]> {
  const size = elementCount(summary.inputShape)
  if (!(rows >= 1) || values.length !== rows * size) {
    throw new AtlasError(
      'WRONG_INPUT_SIZE',
      `${rows} samples of shape [${summary.inputShape.join(', ')}] hold ${rows * size} values, not ` +
        `${values.length}. Give at least one sample, each of the network's input shape.`,
    )
  }
  const names = [...new Set(tensors)]
  const results = await execute(session, network.input, values, rows, names)
  return tensors.map((name) => results[names.indexOf(name)].values)
}
