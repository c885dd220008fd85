import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValues, openDataset } from '#atlas/src/ingest/index.js'
import { expectRefusal, float32, idx, int64, npy, readAll, temporaryFolder, zip } from './support.ts'

const folder = temporaryFolder()
const array = (rows: number) =>
  npy('<f4', [rows, 2], float32(...Array.from({ length: 2 * rows }, (_, i) => i)))

describe('formats', () => {
  test.each([
    ['NPY', array(2)],
    ['NPZ', zip({ 'x.npy': array(2) })],
    ['IDX', idx(8, [2, 2], Buffer.of(1, 2, 3, 4))],
    ['CSV', '1,2\n3,4\n'],
    ['NPY', gzipSync(array(2))],
    ['IDX', gzipSync(idx(8, [2, 2], Buffer.of(1, 2, 3, 4)))],
    ['CSV', gzipSync('1,2\n3,4\n')],
  ])('%s is known by its content', async (format, content) => {
    for (const name of ['data', 'data.txt', 'data.csv'])
      expect((await readAll(folder.write(name, content))).dataset.format).toBe(format)
  })

  test('what is none of them is refused with a list', async () => {
    for (const [name, content] of [
      ['x.onnx', Buffer.of(8, 7, 0, 1)],
      ['x', Buffer.of(1, 2, 3, 4)],
      ['x.py', 'print(1, 2)'],
      ['x.json', '[[1,2],[3,4]]'],
      ['x.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ] as const)
      await expectRefusal(folder.write(name, content), 'UNKNOWN_FORMAT', /NPY, NPZ, IDX, CSV.*folders/)
  })

  test('what is not there', async () => {
    await expectRefusal(join(folder.path, 'nothing.npy'), 'FILE_NOT_FOUND', /nothing\.npy/)
    await expectRefusal(join(folder.path, 'nothing.npz#x'), 'FILE_NOT_FOUND', /nothing\.npz#x/)
    const path = folder.write('a.npy', array(2))
    await expectRefusal(path, 'FILE_NOT_FOUND', /labels\.npy/, {
      labelsPath: join(folder.path, 'labels.npy'),
    })
    await expectRefusal(path, 'UNKNOWN_FORMAT', /is a folder/, { labelsPath: folder.path })
    await expectRefusal(`${path}#x`, 'UNKNOWN_ARRAY', /no NPZ file/)
    await expectRefusal(folder.write('empty', ''), 'EMPTY_DATASET', /is empty/)
  })
})

describe('labels from another file', () => {
  const files: [string, Uint8Array | string][] = [
    ['l.npy', npy('<i8', [3], int64(2, 0, 1))],
    ['l1.npy', npy('<f8', [3, 1], new Uint8Array(Float64Array.of(2, 0, 1).buffer))],
    ['l.idx', idx(8, [3], Buffer.of(2, 0, 1))],
    ['l.idx.gz', gzipSync(idx(8, [3], Buffer.of(2, 0, 1)))],
    ['l.csv', '2\n0\n1\n'],
    ['l', '2\r\n0\r\n1'],
    ['h.csv', 'digit\n2\n0\n1\n'],
    ['c.csv', 'id,label\n7,2\n8,0\n9,1\n'],
    ['l.npz', zip({ 'y.npy': npy('|i1', [3], Buffer.of(2, 0, 1)) })],
  ]
  test.each(files)('%s', async (name, content) => {
    const options = { labelsPath: folder.write(name, content) }
    const { labels, dataset } = await readAll(folder.write('a.npy', array(3)), options)
    expect(labels).toEqual([2, 0, 1])
    expect(dataset.classNames).toEqual(['0', '1', '2'])
  })

  test('in words', async () => {
    const labelsPath = folder.write('w.csv', 'cat\ndog\ncat\n')
    const { labels, dataset } = await readAll(folder.write('a.npy', array(3)), { labelsPath })
    expect(labels).toEqual([0, 1, 0])
    expect(dataset.classNames).toEqual(['cat', 'dog'])
  })

  test('replace those in the file', async () => {
    const labelsPath = folder.write('l.csv', '5\n6\n')
    const { labels, values } = await readAll(folder.write('d.csv', 'a,label\n1,0\n2,1\n'), { labelsPath })
    expect(labels).toEqual([5, 6])
    expect([...values]).toEqual([1, 2])
  })

  test('as many as samples, in portions of another size than theirs', async () => {
    const count = 200_000
    const expected = Array.from({ length: count }, (_, i) => (i * i) % 11)
    const labelsPath = folder.write('many.csv', expected.join('\n'))
    const path = folder.write('many.npy', npy('|u1', [count, 30], Buffer.alloc(count * 30)))
    expect((await readAll(path, { labelsPath })).labels).toEqual(expected)
  })

  test.each([
    ['few.npy', npy('<i8', [2], int64(0, 1)), 2],
    ['many.npy', npy('<i8', [5], int64(0, 1, 2, 3, 4)), 5],
    ['few.csv', '0\n1\n', 2],
    ['many.csv', '0\n1\n2\n3\n4\n', 5],
  ])('another number of them: %s', async (name, content, count) => {
    const labelsPath = folder.write(name, content)
    const message = new RegExp(`3 samples and ${count} labels`)
    await expectRefusal(folder.write('a.npy', array(3)), 'LABEL_COUNT_MISMATCH', message, { labelsPath })
    await expectRefusal(folder.write('a.csv', '1\n2\n3\n'), 'LABEL_COUNT_MISMATCH', message, { labelsPath })
  })

  test.each([
    [npy('<f4', [3], float32(0, 1, 0.5)), /sample 2 \(from 0\) in "l" is 0\.5/],
    [npy('<i8', [3], int64(0, -1, 0)), /sample 1 \(from 0\) in "l" is -1/],
    [npy('<i8', [3], int64(0, 1, 3)), /there are 3 class names, so labels go from 0 to 2/],
  ])('that are no class', async (content, message) => {
    const options = { labelsPath: folder.write('l', content), classNames: ['a', 'b', 'c'] }
    await expectRefusal(folder.write('a.npy', array(3)), 'LABEL_OUT_OF_RANGE', message, options)
  })

  test('of a wrong shape, or in one of several columns', async () => {
    const path = folder.write('a.npy', array(3))
    const oneHot = folder.write('l.npy', npy('|u1', [3, 2], Buffer.alloc(6)))
    await expectRefusal(path, 'WRONG_SHAPE', /one number a sample.*3 × 2/, { labelsPath: oneHot })
    const single = folder.write('l.npy', npy('|u1', [], Buffer.alloc(1)))
    await expectRefusal(path, 'WRONG_SHAPE', /one number a sample/, { labelsPath: single })
    const columns = folder.write('l.csv', 'a,b\n1,2\n3,4\n5,6\n')
    await expectRefusal(path, 'UNKNOWN_COLUMN', /None of the 2 columns/, { labelsPath: columns })
    expect((await readAll(path, { labelsPath: columns, labelColumn: 'b' })).labels).toEqual([2, 4, 6])
  })
})

describe('options', () => {
  test('shape', async () => {
    const path = folder.write(
      'a.npy',
      npy('<f4', [1, 12], float32(...Array.from({ length: 12 }, (_, i) => i))),
    )
    for (const shape of [[12], [3, 4], [1, 2, 6]])
      expect((await readAll(path, { shape })).dataset.shape).toEqual(shape)
    for (const shape of [[11], [3, 5], [-3, -4], [0], [2.4, 5], []])
      await expectRefusal(path, 'WRONG_SHAPE', /A sample has 12 values/, { shape })
    const csv = folder.write('a.csv', '7,1,2,3,4\n')
    await expectRefusal(csv, 'WRONG_SHAPE', /If one column holds the labels/, { shape: [2, 2] })
  })

  test('scale', async () => {
    const path = folder.write('a.npy', npy('|u1', [1, 2], Buffer.of(3, 200)))
    expect([...(await readAll(path, { scale: 1 })).values]).toEqual([3, 200])
    expect([...(await readAll(path, { scale: -0.5 })).values]).toEqual([-1.5, -100])
    for (const scale of [0, NaN, Infinity, 1e37]) await expectRefusal(path, 'BAD_SCALE', /finite/, { scale })
  })

  test('class names', async () => {
    const path = folder.write('a.csv', 'a,label\n1,0\n')
    const dataset = await openDataset(path, { classNames: ['zero', 'one'] })
    expect(dataset.classNames).toEqual(['zero', 'one'])
    await expectRefusal(folder.write('b.csv', '1,2\n'), 'NO_LABELS', /class names but no labels/, {
      classNames: ['zero'],
    })
  })
})

describe('sha256', () => {
  test('is that of the data, not of the file', async () => {
    const npyPath = folder.write('a.npy', array(2))
    const labelsPath = folder.write('l.npy', npy('<i8', [2], int64(1, 0)))
    const hashes = [
      await readAll(npyPath, { labelsPath }),
      await readAll(
        folder.write('a.npz', zip({ 'x.npy': array(2), 'y.npy': npy('|u1', [2], Buffer.of(1, 0)) })),
      ),
      await readAll(folder.write('a.csv', 'a,b,label\n0,1,1\n2,3,0\n')),
    ].map(({ dataset }) => dataset.sha256())
    expect(new Set(hashes).size).toBe(1)
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  test('differs where shape, scale, labels, a value or the element type differ', async () => {
    const path = folder.write('a.npy', array(2))
    const bytes = folder.write('b.npy', npy('|u1', [2, 2], Buffer.of(0, 1, 2, 3)))
    const zeros = folder.write('l0.csv', '0\n0\n')
    const mixed = folder.write('l1.csv', '0\n1\n')
    const all = [
      await readAll(path),
      await readAll(path, { shape: [1, 2] }),
      await readAll(path, { scale: 2 }),
      await readAll(path, { labelsPath: zeros }),
      await readAll(path, { labelsPath: mixed }),
      await readAll(bytes, { scale: 1 }),
      await readAll(folder.write('c.npy', npy('<f4', [2, 2], float32(0, 1, 2, 4)))),
    ]
    expect(new Set(all.map(({ dataset }) => dataset.sha256())).size).toBe(all.length)
  })

  test('is not to be had before the end, nor are the samples twice', async () => {
    const dataset = await openDataset(folder.write('a.npy', array(2)))
    expect(() => dataset.sha256()).toThrow(/before/)
    dataset.samples()
    expect(() => dataset.samples()).toThrow(/once/)
  })
})

describe('decodeValues', () => {
  test('of bytes by 1/255 are the shares of 255, all 256 of them', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    const values = decodeValues(bytes, 'U8', 1 / 255)
    for (const raw of bytes) expect(values[raw]).toBe(Math.fround(raw / 255))
  })

  test('is fround(raw × scale), at any alignment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true }), { maxLength: 20 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 0, max: 7 }),
        (raw, scale, offset) => {
          const bytes = new Uint8Array(offset + 4 * raw.length)
          bytes.set(float32(...raw), offset)
          const values = decodeValues(bytes.subarray(offset), 'F32', scale)
          expect([...values]).toEqual(raw.map((value) => Math.fround(value * scale)))
        },
      ),
    )
  })

  test('gives a copy', () => {
    const raw = float32(1, 2)
    decodeValues(raw, 'F32', 1)[0] = 9
    expect([...decodeValues(raw, 'F32', 1)]).toEqual([1, 2])
  })
})
