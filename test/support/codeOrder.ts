// Pre-activations as codes count them, for tests that compare them with bits.
import { toCodeOrder, type NetworkRunner } from '#atlas/compute/onnx/index.js'

/** Pre-activations of a layer: rows x positions x units; of a MaxPool as they lie in memory. */
export function inCodeOrder(runner: NetworkRunner, layer: number, values: Float32Array): Float32Array {
  const info = runner.summary.layers[layer]
  return info.gate.kind === 'WINDOWS' ? values : toCodeOrder(Float32Array, info, values)
}
