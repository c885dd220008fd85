// Small but real networks to spoil.
import { readFileSync } from 'node:fs'
import { CONV_NETS } from './convNets.ts'
import { gateNets } from './gateNets.ts'
import { buildMlp, buildModel, integers, node } from './onnx.ts'
import { transformer } from './transformer.ts'

/** Moves values about, by constants and by shapes: every operand is a place for an absurd number. */
function movements(): Uint8Array {
  return buildModel({
    inputs: { x: ['N', 3, 4] },
    opset: 18,
    initializers: {
      ones: { shape: [1, 3, 1], values: [1, 2, 3] },
      pads: integers(0n, 1n, 0n, 0n, 0n, 1n),
      starts: integers(1n),
      ends: integers(4n),
      axis: integers(2n),
      repeats: integers(1n, 2n, 1n),
      places: integers(0n, 2n, 5n),
      sizes: integers(2n, 6n),
      target: integers(-1n, 18n),
    },
    nodes: [
      node('Mul', ['x', 'ones'], 'scaled'),
      node('Pad', ['scaled', 'pads'], 'padded'),
      node('Slice', ['padded', 'starts', 'ends', 'axis'], 'sliced'),
      node('Concat', ['padded', 'sliced'], 'joined', { axis: 2n }),
      node('Split', ['joined', 'sizes'], 'left,right', { axis: 2n }),
      node('Shape', ['right'], 'shape', { start: 1n }),
      node('ConstantOfShape', ['shape'], 'zeros'),
      node('Add', ['right', 'zeros'], 'sum'),
      node('Tile', ['sum', 'repeats'], 'tiled'),
      node('Gather', ['tiled', 'places'], 'gathered', { axis: 1n }),
      node('Transpose', ['gathered'], 'turned', { perm: [0n, 2n, 1n] }),
      node('Relu', ['turned'], 'gate'),
      node('Unsqueeze', ['gate', 'axis'], 'wide'),
      node('Squeeze', ['wide', 'axis'], 'narrow'),
      node('ReduceSum', ['narrow', 'axis'], 'reduced', { keepdims: 0n }),
      node('Reshape', ['narrow', 'target'], 'scores'),
    ],
    outputs: ['scores'],
  })
}

export const FUZZ_BASES: Readonly<Record<string, Uint8Array>> = {
  dense: buildMlp({ sizes: [5, 6, 4, 3] }),
  'one sample a run': buildMlp({ sizes: [5, 6, 4, 3], layout: 'column', leaky: 0.1 }),
  trained: new Uint8Array(readFileSync('examples/networks/mnist-a.onnx')),
  attention: transformer('erf').model,
  movements: movements(),
  ...Object.fromEntries(Object.entries(gateNets).map(([name, make]) => [name, make(4, 1).model])),
  ...Object.fromEntries(CONV_NETS.map(({ name, spec }) => [name, buildModel(spec)])),
}
