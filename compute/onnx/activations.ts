import { toCodeOrder, type UnitLayout } from '../gates/unitLayout.ts'
import { chooseLayers, readTensors } from './network.ts'
import { prepareNetwork } from './prepare.ts'
import type { LayerInfo } from './summary.ts'

/** A network that is loaded to read what its layers put out. */
export interface ActivationRunner {
  /** Of each layer: rows x positions x units, float32, what its gate puts out (of a Relu, 0 where it is off). */
  run(values: Float32Array, rows: number): Promise<Float32Array[]>
  /** Frees the runtime's memory; `run` may not be called afterwards. */
  close(): Promise<void>
}

/**
 * Loads a network to read the activations of some layers, in the order given. ONNX Runtime computes on the calling
 * thread.
 * @throws AtlasError the codes of `openNetwork`; `run` throws WRONG_INPUT_SIZE, INFERENCE_FAILED
 */
export async function openActivations(
  bytes: Uint8Array,
  layerIndices: readonly number[],
): Promise<ActivationRunner> {
  const prepared = await prepareNetwork(bytes, { exposure: 'ACTIVATIONS' })
  const layers = await chooseLayers(prepared, layerIndices)
  const { gates } = prepared.network
  const tensors = layers.map(({ index }) => gates[index].output)
  return {
    async run(values, rows) {
      const outputs = await readTensors(prepared, tensors, values, rows)
      return outputs.map((output, i) => toCodeOrder(Float32Array, outputLayout(layers[i]), output))
    },
    close: () => prepared.session.close(),
  }
}

/** How a layer's units lie in its output: as in its pre-activation, but for pools. */
function outputLayout({ gate, shape, unitAxis }: LayerInfo): UnitLayout {
  return gate.kind === 'WINDOWS' ? { shape: gate.shape, unitAxis: 0 } : { shape, unitAxis }
}
