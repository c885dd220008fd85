import { affineLayers, parameterShapes, parameterValues } from './mlp.ts'
import type { Parameters, Widths } from './mlp.ts'
import { encodeModel, floatTensor, floatValue, node } from './onnx.ts'

/**
 * A trained network as an ONNX file for inference: input `image` float [batch, 1, 28, 28] with a symbolic batch,
 * Flatten, then Gemm and Relu for each hidden layer (nodes `gemm0`, `relu0`, `gemm1`, ...), and a last Gemm to the
 * output `logits` float [batch, 10]. The same parameters give the same bytes. Throws an Error where `parameters`
 * does not fit `widths`.
 */
export function exportNetwork(name: string, widths: Widths, parameters: Parameters): Uint8Array<ArrayBuffer> {
  const layers = affineLayers(widths)
  const nodes = [node('Flatten', 'flatten', ['image'], ['flatten'], { axis: 1 })]
  let current = 'flatten'
  layers.forEach((layer, index) => {
    const affine = layer.hasRelu ? `gemm${index}` : 'logits'
    nodes.push(node('Gemm', `gemm${index}`, [current, layer.weight, layer.bias], [affine], { transB: 1 }))
    current = affine
    if (!layer.hasRelu) return
    nodes.push(node('Relu', `relu${index}`, [current], [`relu${index}`]))
    current = `relu${index}`
  })
  return encodeModel({
    name,
    node: nodes,
    initializer: parameterShapes(widths).map((shape) =>
      floatTensor(shape.name, shape.dims, parameterValues(parameters, shape)),
    ),
    input: [floatValue('image', ['batch', 1, 28, 28])],
    output: [floatValue('logits', ['batch', widths[widths.length - 1]])],
  })
}
