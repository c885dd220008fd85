import { readdir, readFile } from 'node:fs/promises'
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { countCorrect } from '#atlas/examples/training/accuracy.js'
import { manifest } from '#atlas/examples/training/manifest.js'
import { readMnist } from '#atlas/examples/training/mnist.js'
import { createSession } from '#atlas/examples/training/session.js'

const folder = new URL('../../examples/networks/', import.meta.url)
const networks = manifest.parse(JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8')))
const bytesOf = async (file: string) => Uint8Array.from(await readFile(new URL(file, folder)))

/** Images that may tip over where another processor orders the sums of a matrix product otherwise. */
const tolerance = 5

describe('the sample networks', () => {
  it('are the files of the folder, together under 5 MB', async () => {
    const files = (await readdir(folder)).filter((file) => file !== 'manifest.json')
    expect(files.sort()).toEqual(networks.map(({ file }) => file).sort())
    const sizes = await Promise.all(files.map(async (file) => (await bytesOf(file)).length))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5_000_000)
  })

  it('hold two seeds of one architecture, a series of checkpoints and a wider network', () => {
    const named = (name: string) => networks.find((network) => network.name === name)
    expect(named('mnist-a')?.testAccuracy).toBeGreaterThanOrEqual(0.97)
    expect(named('mnist-b')?.testAccuracy).toBeGreaterThanOrEqual(0.97)
    expect(named('mnist-b')?.architecture).toBe(named('mnist-a')?.architecture)
    expect(named('mnist-b')?.seed).not.toBe(named('mnist-a')?.seed)
    expect(named('mnist-wide')?.testAccuracy).toBeGreaterThanOrEqual(0.98)
    const series = networks.filter(({ name }) => name.startsWith('mnist-a'))
    const steps = series.map(({ step }) => step)
    expect(steps.slice(0, -1)).toEqual([0, 30, 100, 300, 1000, 3000])
    expect(steps).toEqual(steps.toSorted((left, right) => left - right))
    expect(series.at(-1)?.name).toBe('mnist-a')
  })

  it('stand in the README with their accuracy', async () => {
    const readme = await readFile(new URL('../README.md', folder), 'utf8')
    for (const { name, step, seed, testAccuracy } of networks) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? ''
      const cells = row.split('|').map((cell) => cell.trim())
      expect(cells.slice(3, -1)).toEqual([
        String(seed),
        step.toLocaleString('en-US'),
        `${(100 * testAccuracy).toFixed(2)} %`,
      ])
    }
  })
})

describe.each(networks)('$name', ({ file, parameters, architecture, testAccuracy }) => {
  it('has the accuracy of the manifest on the 10,000 test images', async () => {
    const test = await readMnist('t10k')
    const correct = await countCorrect(await bytesOf(file), test)
    expect(Math.abs(correct - Math.round(testAccuracy * 10_000))).toBeLessThanOrEqual(tolerance)
  })

  it('is the graph that its architecture says', async () => {
    const bytes = await bytesOf(file)
    const { graph, producerName, opsetImport } = fromBinary(ModelProtoSchema, bytes)
    expect(producerName).toBe('polytope-atlas')
    expect(opsetImport.map(({ version }) => version)).toEqual([17n])
    const operators = graph?.node.map(({ opType, name }) => `${opType} ${name}`)
    expect(operators).toEqual([
      'Flatten flatten',
      ...[0, 1, 2].flatMap((layer) => [`Gemm gemm${layer}`, `Relu relu${layer}`]),
      'Gemm gemm3',
    ])
    const biases = graph?.initializer.filter(({ dims }) => dims.length === 1) ?? []
    expect(['784', ...biases.map(({ dims }) => dims.join())].join('-')).toBe(architecture)
    const held = graph?.initializer.reduce((sum, { rawData }) => sum + rawData.length / 4, 0)
    expect(held).toBe(parameters)

    const session = await createSession(bytes)
    expect(session.inputMetadata).toMatchObject([
      { name: 'image', type: 'float32', shape: ['batch', 1, 28, 28] },
    ])
    expect(session.outputMetadata).toMatchObject([{ name: 'logits', type: 'float32', shape: ['batch', 10] }])
  })
})
