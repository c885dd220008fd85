import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openDataset } from '#atlas/src/ingest/index.js'
import { gzipSync } from 'node:zlib'
import { expectRefusal, float32, int64, npy, openCount, readAll, temporaryFolder, zip } from './support.ts'

const folder = temporaryFolder()

/** An array of `rows` samples of two values that begin with `first`. */
const samples = (rows: number, first = 0) =>
  npy('<f4', [rows, 2], float32(...Array.from({ length: 2 * rows }, (_, i) => first + i)))
const labels = (...values: number[]) => npy('<i8', [values.length], int64(...values))

const write = (arrays: Record<string, Uint8Array>, options = {}) =>
  folder.write(
    'arrays.npz',
    zip(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, array])), options),
  )

describe('choosing arrays', () => {
  test.each([
    ['x', 'y'],
    ['X', 'Y'],
    ['data', 'labels'],
    ['images', 'targets'],
    ['test_images', 'test_labels'],
    ['x_test', 'y_test'],
    ['anything', 'label'],
    ['anything', 'numbers'],
  ])('%s and its labels %s', async (data, label) => {
    const {
      dataset,
      values,
      labels: found,
    } = await readAll(write({ [label]: labels(1, 0), [data]: samples(2) }))
    expect(dataset).toMatchObject({ format: 'NPZ', shape: [2], inputCount: 2, classNames: ['0', '1'] })
    expect([...values]).toEqual([0, 1, 2, 3])
    expect(found).toEqual([1, 0])
  })

  test('labels of shape [n, 1], as Keras writes them, are no samples', async () => {
    const path = write({ x: samples(2), y: npy('|u1', [2, 1], Buffer.of(3, 4)) })
    expect((await readAll(path)).labels).toEqual([3, 4])
  })

  test('no labels where nothing fits', async () => {
    const arrays = { x: samples(2), scores: npy('<f4', [2], float32(1, 2)), ids: labels(5, 6, 7) }
    expect((await readAll(write(arrays))).labels).toBeNull()
    expect((await readAll(write({ x: samples(2), a: labels(5, 6), b: labels(7, 8) }))).labels).toBeNull()
  })

  test('one array among several is named after #, with the labels of the same name', async () => {
    const path = write({
      x_train: samples(3),
      y_train: labels(0, 1, 2),
      x_test: samples(2, 50),
      y_test: labels(2, 0),
    })
    await expectRefusal(path, 'AMBIGUOUS_ARRAYS', /x_train \(3 × 2\), x_test \(2 × 2\).*arrays\.npz#x_train/)
    const { values, labels: found } = await readAll(`${path}#x_test`)
    expect([...values]).toEqual([50, 51, 52, 53])
    expect(found).toEqual([2, 0])
    const others = await readAll(`${path}#x_test`, {
      labelsPath: `${path}#y_test`,
      classNames: ['a', 'b', 'c'],
    })
    expect(others.labels).toEqual([2, 0])
    await expectRefusal(`${path}#z`, 'UNKNOWN_ARRAY', /no array "z"; it has x_train \(3 × 2\)/)
  })

  test('a file whose own name has a # is found', async () => {
    const path = folder.write('run#1.npz', zip({ 'x.npy': samples(2) }))
    expect((await readAll(path)).rows).toBe(2)
    expect((await readAll(`${path}#x`)).rows).toBe(2)
  })

  test('several arrays of labels are ambiguous unless labels are given', async () => {
    const path = write({ x: samples(2), y: labels(0, 1), labels: labels(1, 0) })
    await expectRefusal(path, 'AMBIGUOUS_ARRAYS', /labels/)
    expect((await readAll(path, { labelsPath: `${path}#labels` })).labels).toEqual([1, 0])
    await expectRefusal(path, 'AMBIGUOUS_ARRAYS', /labels/, { labelsPath: path })
  })

  test('nothing with two axes', async () => {
    const path = write({ a: labels(1, 2), b: labels(3, 4) })
    await expectRefusal(path, 'AMBIGUOUS_ARRAYS', /no array of two or more axes/)
  })

  test('labels of another number', async () => {
    await expectRefusal(
      write({ x: samples(2), y: labels(1, 2, 3) }),
      'LABEL_COUNT_MISMATCH',
      /2 samples and 3/,
    )
  })
})

describe('archives', () => {
  test('deflated ones read alike', async () => {
    const arrays = { x: samples(50_000), y: labels(...Array.from({ length: 50_000 }, (_, i) => i % 7)) }
    const stored = await readAll(write(arrays))
    const deflated = await readAll(write(arrays, { deflate: true }))
    expect(deflated.data.equals(stored.data)).toBe(true)
    expect(deflated.labels).toEqual(stored.labels)
    expect(deflated.dataset.sha256()).toBe(stored.dataset.sha256())
  })

  test.each([false, true])('a consumer that stops early leaves none open (deflated: %s)', async (deflate) => {
    const path = write({ x: npy('|u1', [5000, 1000], randomBytes(5_000_000)) }, { deflate })
    const dataset = await openDataset(path)
    await expect.poll(() => openCount(path)).toBe(0)
    for await (const batch of dataset.samples()) {
      expect(batch.rows).toBeGreaterThan(0)
      expect(openCount(path)).toBe(1)
      break
    }
    await expect.poll(() => openCount(path)).toBe(0)
  })

  test('damaged ones are refused', async () => {
    const good = zip({ 'x.npy': samples(20) }, { deflate: true })
    for (const length of [4, 30, 100, good.length - 30, good.length - 1])
      await expectRefusal(
        folder.write('cut.npz', good.subarray(0, length)),
        'MALFORMED_NPZ',
        /cannot be read/,
      )
    const damaged = Buffer.from(good)
    damaged.fill(0xff, 40, 60)
    await expectRefusal(folder.write('bad.npz', damaged), 'MALFORMED_NPZ', /cannot be read/)
    const wrong = zip({ 'x.npy': samples(20) }, { corruptChecksum: true })
    await expectRefusal(folder.write('crc.npz', wrong), 'MALFORMED_NPZ', /checksum of x\.npy/)
  })

  test('a zip file of something else, text named .npz, a gzipped archive', async () => {
    const other = folder.write('other.zip', zip({ 'readme.txt': Buffer.from('hello') }))
    await expectRefusal(other, 'MALFORMED_NPZ', /without any \.npy/)
    await expectRefusal(folder.write('empty.npz', zip({})), 'MALFORMED_NPZ', /without any \.npy/)
    await expectRefusal(folder.write('text.npz', 'hello'), 'MALFORMED_NPZ', /cannot be read/)
    const gzipped = folder.write('x.npz.gz', gzipSync(zip({ 'x.npy': samples(2) })))
    await expectRefusal(gzipped, 'UNKNOWN_FORMAT', /gunzip it first/)
  })

  test('a truncated array inside', async () => {
    await expectRefusal(write({ x: samples(4).subarray(0, -3) }), 'TRUNCATED_FILE', /arrays\.npz#x\.npy/)
  })
})
