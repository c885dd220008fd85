import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import { expectRefusal, float32, npy, npyWithHeader, openCount, readAll, temporaryFolder } from './support.ts'
import { openDataset } from '#atlas/src/ingest/index.js'

const folder = temporaryFolder()

/** One number of each type in both byte orders, written through DataView, with what must be read. */
const numberTypes: [type: string, write: (view: DataView, little: boolean) => void, value: number][] = [
  ['i1', (view) => view.setInt8(0, -7), -7],
  ['u2', (view, little) => view.setUint16(0, 65000, little), 65000],
  ['i2', (view, little) => view.setInt16(0, -300, little), -300],
  ['u4', (view, little) => view.setUint32(0, 3_000_000_000, little), 3_000_000_000],
  ['i4', (view, little) => view.setInt32(0, -70_000, little), -70_000],
  ['u8', (view, little) => view.setBigUint64(0, 2n ** 40n, little), 2 ** 40],
  ['i8', (view, little) => view.setBigInt64(0, -5n, little), -5],
  ['f2', (view, little) => view.setUint16(0, 0x3555, little), 0.333251953125],
  ['f4', (view, little) => view.setFloat32(0, 0.1, little), Math.fround(0.1)],
  ['f8', (view, little) => view.setFloat64(0, 0.1, little), Math.fround(0.1)],
]

describe('number types', () => {
  test.each(numberTypes)('%s, little- and big-endian', async (type, write, value) => {
    for (const little of [true, false]) {
      const bytes = new Uint8Array(Number(type[1]))
      write(new DataView(bytes.buffer), little)
      const path = folder.write('type.npy', npy((little ? '<' : '>') + type, [1, 1], bytes))
      const { dataset, values } = await readAll(path)
      expect(dataset).toMatchObject({
        format: 'NPY',
        elementType: 'F32',
        scale: 1,
        shape: [1],
        inputCount: 1,
      })
      expect([...values]).toEqual([value])
    }
  })

  test('u1 stays bytes and is scaled by 1/255', async () => {
    const { dataset, data, values } = await readAll(
      folder.write('u1', npy('|u1', [1, 3], Buffer.of(0, 51, 255))),
    )
    expect(dataset).toMatchObject({ elementType: 'U8', scale: 1 / 255 })
    expect([...data]).toEqual([0, 51, 255])
    expect([...values]).toEqual([0, Math.fround(0.2), 1])
  })

  test('b1 is 0 and 1', async () => {
    const { values } = await readAll(folder.write('b1', npy('|b1', [1, 3], Buffer.of(0, 1, 1))))
    expect([...values]).toEqual([0, 1, 1])
  })

  test.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
  ])('f2 bits %i', async (bits, value) => {
    const body = new Uint8Array(Uint16Array.of(bits).buffer)
    const { values } = await readAll(folder.write('f2.npy', npy('<f2', [1, 1], body)))
    expect([...values]).toEqual([value])
  })
})

describe('arrays', () => {
  test('any shape of float32 comes back as written, in all versions, plain and gzipped', async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        async (shape, version, gzipped) => {
          const size = shape.reduce((a, b) => a * b)
          const body = float32(...Array.from({ length: size }, (_, i) => i / 3 - 2))
          const file = npy('<f4', shape, body, version)
          const path = folder.write('array.npy', gzipped ? gzipSync(file) : file)
          const { dataset, data, rows } = await readAll(path)
          expect(dataset.shape).toEqual(shape.length === 1 ? [1] : shape.slice(1))
          expect(rows).toBe(shape[0])
          expect(data.equals(body)).toBe(true)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('come in batches of at most 1 MiB, whose order is that of the file', async () => {
    const values = Uint8Array.from({ length: 3000 * 1000 }, (_, i) => (i * 31) % 251)
    const { data, batchBytes, rows } = await readAll(
      folder.write('large.npy', npy('|u1', [3000, 1000], values)),
    )
    expect(rows).toBe(3000)
    expect(batchBytes).toEqual([1048000, 1048000, 904000])
    expect(data.equals(values)).toBe(true)
  })

  test('a sample above 1 MiB is a batch of its own', async () => {
    const body = Buffer.alloc(2 * 1_500_000, 1)
    const { batchBytes } = await readAll(folder.write('wide.npy', npy('|u1', [2, 1_500_000], body)))
    expect(batchBytes).toEqual([1_500_000, 1_500_000])
  })

  test.each([false, true])(
    'a consumer that stops early leaves no file open (gzipped: %s)',
    async (gzipped) => {
      const file = npy('|u1', [5000, 1000], randomBytes(5_000_000))
      const path = folder.write('early.npy', gzipped ? gzipSync(file) : file)
      const dataset = await openDataset(path)
      expect(openCount(path)).toBe(0)
      for await (const batch of dataset.samples()) {
        expect(batch.rows).toBeGreaterThan(0)
        expect(openCount(path)).toBe(1)
        break
      }
      expect(openCount(path)).toBe(0)
    },
  )

  test('close() ends a reading that was left hanging', async () => {
    const path = folder.write('hanging.npy', npy('|u1', [5000, 1000], Buffer.alloc(5_000_000, 7)))
    const dataset = await openDataset(path)
    const samples = dataset.samples()[Symbol.asyncIterator]()
    await samples.next()
    expect(openCount(path)).toBe(1)
    await dataset.close()
    expect(openCount(path)).toBe(0)
    expect(await samples.next()).toMatchObject({ done: true })
  })
})

describe('refused', () => {
  const body = float32(1, 2, 3, 4)
  const good = npy('<f4', [2, 2], body)

  test('Fortran order, with advice', async () => {
    const file = npyWithHeader(`{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }`, body)
    await expectRefusal(folder.write('f.npy', file), 'MALFORMED_NPY', /ascontiguousarray/)
  })

  test.each([
    [`'<c8'`, /<c8/],
    [`'|O'`, /\|O/],
    [`'<U5'`, /<U5/],
    [`[('a', '<f4'), ('b', '<f4')]`, /structure/],
  ])('the element type %s', async (descr, message) => {
    const file = npyWithHeader(`{'descr': ${descr}, 'fortran_order': False, 'shape': (2, 2), }`, body)
    await expectRefusal(folder.write('d.npy', file), 'MALFORMED_NPY', message)
  })

  test('a header without its three keys, of another version, or endless', async () => {
    const headers: [string, RegExp][] = [
      [`{'fortran_order': False, 'shape': (2, 2), }`, /no descr/],
      [`{'descr': '<f4', 'shape': (2, 2), }`, /no fortran_order/],
      [`{'descr': '<f4', 'fortran_order': False, }`, /no shape/],
      [`{'descr': '<f4', 'fortran_order': False, 'shape': (2, -2), }`, /no shape/],
    ]
    for (const [header, message] of headers)
      await expectRefusal(folder.write('h.npy', npyWithHeader(header, body)), 'MALFORMED_NPY', message)
    const version = Buffer.from(good)
    version[6] = 4
    await expectRefusal(folder.write('v.npy', version), 'MALFORMED_NPY', /version is 4/)
    const endless = npy('<f4', [2, 2], body, 2)
    endless.writeUInt32LE(0xffffffff, 8)
    await expectRefusal(folder.write('e.npy', endless), 'MALFORMED_NPY', /too long/)
  })

  test('text with the extension .npy', async () => {
    await expectRefusal(folder.write('t.npy', 'hello there'), 'MALFORMED_NPY', /does not begin/)
  })

  test('every truncation, plain and gzipped', async () => {
    for (let length = 10; length < good.length; length += 7) {
      const cut = good.subarray(0, length)
      await expectRefusal(folder.write('cut.npy', cut), 'TRUNCATED_FILE', /copy it again/i)
      await expectRefusal(folder.write('cut.npy.gz', gzipSync(cut)), 'TRUNCATED_FILE', /copy it again/i)
    }
  })

  test('a truncated or damaged gzip file', async () => {
    const gzipped = gzipSync(npy('<f4', [1000, 2], float32(...Array.from({ length: 2000 }, Math.random))))
    const half = gzipped.subarray(0, gzipped.length / 2)
    await expectRefusal(folder.write('half.npy.gz', half), 'TRUNCATED_FILE', /gzip/)
    const damaged = Buffer.from(gzipped)
    damaged[damaged.length - 8] ^= 1
    await expectRefusal(folder.write('damaged.npy.gz', damaged), 'MALFORMED_GZIP', /damaged/)
  })

  test('bytes after the array', async () => {
    const longer = Buffer.concat([good, Buffer.of(0)])
    await expectRefusal(folder.write('l.npy', longer), 'MALFORMED_NPY', /goes on after/)
    await expectRefusal(folder.write('l.npy.gz', gzipSync(longer)), 'MALFORMED_NPY', /goes on after/)
  })

  test('no samples, no values, no axis, a sample beyond memory', async () => {
    const none = new Uint8Array()
    await expectRefusal(folder.write('n.npy', npy('<f4', [0, 3], none)), 'EMPTY_DATASET', /nothing/)
    await expectRefusal(folder.write('n.npy', npy('<f4', [3, 0], none)), 'EMPTY_DATASET', /nothing/)
    await expectRefusal(folder.write('n.npy', npy('<f4', [], float32(1))), 'WRONG_SHAPE', /single number/)
    const huge = npy('<f4', [1, 1e12], none)
    await expectRefusal(folder.write('n.npy', huge), 'TRUNCATED_FILE', /cut short/)
    await expectRefusal(folder.write('n.npy.gz', gzipSync(huge)), 'SAMPLE_TOO_LARGE', /256 MiB/)
  })

  test.each([
    [NaN, /NaN: "x\.npy", sample 1, value 2/],
    [Infinity, /infinite/],
    [-Infinity, /infinite/],
  ])('%d as a value', async (value, message) => {
    const file = npy('<f4', [2, 3], float32(1, 2, 3, 4, 5, value))
    await expectRefusal(folder.write('x.npy', file), 'NON_FINITE_VALUE', message)
  })

  test('a float64 beyond float32, also by its scale alone', async () => {
    const path = folder.write('x.npy', npy('<f8', [1, 1], new Uint8Array(Float64Array.of(1e39).buffer)))
    await expectRefusal(path, 'NON_FINITE_VALUE', /too large/)
    const scaled = folder.write('x.npy', npy('<f4', [1, 1], float32(1e38)))
    await expectRefusal(scaled, 'NON_FINITE_VALUE', /too large/, { scale: 10 })
  })
})
